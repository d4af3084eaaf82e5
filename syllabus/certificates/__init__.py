"""Certificates: issued, shown, checked, renewed and revoked."""
