"""The command line: one file per group of commands."""

import click

from holdfast import __version__

from .bench_command import bench
from .catalog_commands import export_items, import_items
from .completion_command import completion
from .demo.command import demo
from .disasters.command import disasters
from .drops.command import drop
from .key_commands import key
from .overlay_commands import overlay
from .platforms.connect_command import connect
from .platforms.listings import listings
from .platforms.sync_command import sync
from .rehearse.command import rehearse
from .replay.command import replay
from .serving.command import serve
from .shows.command import show
from .simulate.command import simulate
from .verify_command import verify
from .warnings.destination_command import destination
from .warnings.warnings_command import warnings


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="holdfast")
def main() -> None:
    """Holdfast: one true count for stock that is sold in several live rooms at once.

    电商直播库存控制塔：多平台同时开播，库存只有一个真数。
    """


main.add_command(serve)
main.add_command(verify)
main.add_command(key)
main.add_command(overlay)
main.add_command(import_items)
main.add_command(export_items)
main.add_command(connect)
main.add_command(listings)
main.add_command(sync)
main.add_command(show)
main.add_command(drop)
main.add_command(bench)
main.add_command(demo)
main.add_command(replay)
main.add_command(simulate)
main.add_command(rehearse)
main.add_command(disasters)
main.add_command(warnings)
main.add_command(destination)
main.add_command(completion)
