"""Thin: fetch with permission, form, action, redirect."""
