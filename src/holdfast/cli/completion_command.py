"""`holdfast completion`: the script that makes the shell complete our commands."""

import click
from click.shell_completion import get_completion_class

PROGRAM = "holdfast"
VARIABLE = "_HOLDFAST_COMPLETE"


@click.command()
@click.argument("shell", metavar="SHELL", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell. 输出自动补全脚本。

    In bash: eval "$(holdfast completion bash)".
    """
    kind = get_completion_class(shell)
    assert kind is not None, "click knows every shell of the choice"
    click.echo(kind(context.find_root().command, {}, PROGRAM, VARIABLE).source())
