"""The reserve 弹性库存 of live shows, watched: opened in steps by the rule, or on a person's approval."""
