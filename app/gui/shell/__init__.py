"""The window: menus, docks, controls, theme."""
