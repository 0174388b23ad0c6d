"""The pure kernel: accounts, transfers, holds, result codes and the one `apply`; standard library only."""
