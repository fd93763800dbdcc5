"""Looks at containers and ends them, whoever made them."""
