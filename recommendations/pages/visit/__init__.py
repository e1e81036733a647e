"""Who looks at a page, and what they have said so far, in a session or an account."""
