"""Running the site: is it well, what does it count, what does it write down."""
