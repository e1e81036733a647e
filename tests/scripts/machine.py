"""A machine for the set-up scripts: a path that holds stand-ins instead of the real programs."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = (
    "bash",
    "env",
    "id",
    "sed",
    "head",
    "dirname",
    "mktemp",
    "rm",
    "awk",
    "grep",
    "sha256sum",
    "cut",
    "ln",
    "mkdir",
    "uname",
    "tr",
    "sort",
)
BOOKWORM = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME=bookworm\n'


class Machine:
    """A copy of the scripts, and a path that holds ``TOOLS`` and what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.project, self.path, self.log = folder / "project", folder / "bin", folder / "log"
        self.folder = folder
        (self.project / "requirements").mkdir(parents=True)
        self.path.mkdir()
        shutil.copytree(ROOT / "scripts", self.project / "scripts")
        # What lies outside of the path must not be this machine's either.
        self.release = folder / "os-release"
        self.release.write_text(BOOKWORM)
        common = self.project / "scripts" / "common.sh"
        text = common.read_text()
        for real, own in (
            ("os_release=/etc/os-release", f"os_release='{self.release}'"),
            ("jvm_folder=/usr/lib/jvm", f"jvm_folder='{folder}/jvm'"),
            ("{/usr,/usr/local}/bin/", f"'{folder}/elsewhere/'"),
        ):
            assert text.count(real) == 1
            text = text.replace(real, own)
        common.write_text(text)
        for tool in TOOLS:
            (self.path / tool).symlink_to(shutil.which(tool))
        self.stand_in("python3.11", f'exec "{sys.executable}" "$@"')
        self.stand_in("java", """echo 'openjdk version "17.0.15" 2025-04-15' >&2""")
        self.log.touch()

    def stand_in(self, name: str, script: str) -> None:
        program = self.path / name
        program.write_text(f"#!/bin/bash\n{script}\n")
        program.chmod(0o755)

    def recorded(self, name: str, then: str = "") -> None:
        self.stand_in(name, f'echo "{name} $*" >> "{self.log}"\n{then}')

    def python(self, version: str, name: str = "", folder: Path | None = None) -> Path:
        """A stand-in for a Python that only says which version it is; ``name`` if not python3.13 or so."""
        program = (folder or self.path) / (name or f"python{version}")
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(
            f"""#!/bin/bash\ncase "$2" in *executable*) echo "{version} $0" ;; *) echo {version} ;; esac\n"""
        )
        program.chmod(0o755)
        return program

    def run(
        self, script: str, *arguments: str, user: int | None = None, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run one of the scripts; ``user`` may be somebody else's number if this is root, ``more`` goes into its environment."""
        environment = {
            "PATH": str(self.path),
            "HOME": str(self.project),
            "PYENV_ROOT": "nowhere",
            "LC_ALL": "C",
            **more,
        }
        return subprocess.run(
            [self.project / "scripts" / script, *arguments],
            env=environment,
            cwd="/",
            user=user,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def calls(self) -> list[str]:
        return self.log.read_text().splitlines()


def as_root(machine):
    machine.stand_in("id", "echo 0")
    machine.recorded("apt-get")


def prepare_environment(machine, uv="exit 0"):
    for name in ("base", "dev"):
        (machine.project / "requirements" / f"{name}.txt").write_text(f"# {name}\n")
    making = '[ "$1" != venv ] || { mkdir -p .venv/bin; ln -s "$(command -v python3.11)" .venv/bin/python; }'
    machine.recorded("uv", f"{making}\n{uv}")


def synced(machine):
    return [call.rsplit("/", 1)[1] for call in machine.calls() if call.startswith("uv pip sync")]
