"""Block Kit: each module turns one thing the helpdesk says into what Slack shows."""
