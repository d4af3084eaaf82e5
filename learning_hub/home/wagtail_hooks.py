"""Names the hall's own events in the history of a page."""

from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from learning_hub.home.demo.stages import ACTION


@hooks.register("register_log_actions")
def name_demo_events(actions: LogActionRegistry) -> None:
    """Let a stage of the demo be an entry in the history."""
    actions.register_action(ACTION, "Build demo content", "Demo content was built")
