"""The files that others deploy: systemd, Kubernetes, the image."""

import contextlib
import os
import re
import shutil
import subprocess
import sys

import kubernetes_validate
import pytest
import yaml

from tests.hosting.conftest import ROOT, Server, Session, free_port
from tests.waits import PATIENCE, wait_until

HOSTING = ROOT / "docs" / "hosting"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
IMAGE_TOOL = os.environ.get("IMAGE_TOOL", "")


def run(*command, seconds=PATIENCE, **options):
    return subprocess.run(
        command, capture_output=True, text=True, timeout=seconds, check=False, **options
    )


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_the_unit_for_systemd_is_in_order(tmp_path):
    text = (HOSTING / "bitsandnats@.service").read_text()
    unit = tmp_path / "bitsandnats@5006.service"
    unit.write_text(text.replace("/srv/bitsandnats/.venv/bin/python", sys.executable))
    verified = run("systemd-analyze", "verify", "--man=no", unit)
    own = [line for line in verified.stderr.splitlines() if "bitsandnats" in line]
    assert (verified.returncode, own) == (0, [])


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_the_unit_for_systemd_leaves_little_to_an_attacker(tmp_path):
    unit = shutil.copy(HOSTING / "bitsandnats@.service", tmp_path / "bitsandnats@5006.service")
    asked = ("--offline=yes", "--no-pager", "--threshold=30")  # 3.0 of 10
    rated = run("systemd-analyze", "security", *asked, unit)
    assert rated.returncode == 0, rated.stdout[-300:] + rated.stderr


def test_the_manifest_for_kubernetes_is_valid_and_strict():
    for part in yaml.safe_load_all((HOSTING / "kubernetes.yaml").read_text()):
        kubernetes_validate.validate(part, "1.34", strict=True)


def test_no_service_of_kubernetes_sets_our_variables():
    manifest = yaml.safe_load_all((HOSTING / "kubernetes.yaml").read_text())
    deployments = [part for part in manifest if part["kind"] == "Deployment"]
    assert len(deployments) == 2
    for one in deployments:
        assert one["spec"]["template"]["spec"]["enableServiceLinks"] is False


@pytest.mark.skipif(not (NGINX and shutil.which("openssl")), reason="needs nginx and openssl")
def test_nginx_takes_the_lines_for_tls(tmp_path):
    named = ("-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem")
    made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=bits.example")
    assert run("openssl", "req", "-x509", "-nodes", *made, *named).returncode == 0
    text = (HOSTING / "nginx.conf").read_text().replace("#tls ", "")
    assert "listen 443 ssl;" in text
    text = text.replace("/etc/letsencrypt/live/bits.example", str(tmp_path))
    for port in ("80", "443"):  # the test may be run by nobody special
        text = text.replace(f"listen {port}", f"listen 127.0.0.1:{free_port()}")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nerror_log {tmp_path}/errors;\nevents {{}}\nhttp {{\n{text}}}\n"
    )
    checked = run(NGINX, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf")
    assert checked.returncode == 0, checked.stderr


def compose():
    return yaml.safe_load((HOSTING / "compose.yaml").read_text())["services"]


def linted(path):
    """Check a file against the schema of the Compose specification, and its style."""
    linter = ROOT / "node_modules" / ".bin" / "dclint"
    return run(linter, "--max-warnings", "0", path)


def test_the_file_for_compose_fits_the_specification_and_a_misspelt_key_does_not(tmp_path):
    checked = linted(HOSTING / "compose.yaml")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    wrong = tmp_path / "compose.yaml"
    text = (HOSTING / "compose.yaml").read_text().replace("read_only:", "readonly:")
    wrong.write_text(text)
    assert linted(wrong).returncode != 0


def test_nginx_finds_each_replica_of_compose_where_its_configuration_says():
    services = compose()
    replicas = [
        one for one in services.values() if "BITSANDNATS_PORT" in one.get("environment", {})
    ]
    assert {one["network_mode"] for one in replicas} == {"service:nginx"}
    addresses = {
        f"{one['environment']['BITSANDNATS_HOST']}:{one['environment']['BITSANDNATS_PORT']}"
        for one in replicas
    }
    configuration = (HOSTING / "nginx.conf").read_text()
    assert set(re.findall(r"^    server (\S+) ", configuration, re.MULTILINE)) == addresses
    (volume,) = services["nginx"]["volumes"]
    assert (HOSTING / volume.split(":")[0]).is_file()
    assert f":{re.search(r'listen (80);', configuration)[1]}" in services["nginx"]["ports"][0]


def test_the_options_in_the_docs_are_those_of_the_program():
    from app.hosting.settings import OPTIONS

    text = (ROOT / "docs" / "hosting.md").read_text()
    rows = re.findall(r"^\| `--([\w-]+)` \| `(\w+)` \|", text, re.MULTILINE)
    assert rows == [(option.name, option.variable) for option in OPTIONS]


def test_the_dockerfile_is_in_order():
    hadolint = shutil.which("hadolint", path=f"{os.path.dirname(sys.executable)}:{os.defpath}")
    checked = run(hadolint, ROOT / "Dockerfile")
    assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.skipif(not IMAGE_TOOL, reason="IMAGE_TOOL names no program that builds images")
def test_the_image_builds_is_small_and_serves(tmp_path):
    built = run("bash", IMAGE_TOOL, "build", ROOT, "bitsandnats-test", seconds=900)
    assert built.returncode == 0, built.stderr[-3000:]
    assert int(run("bash", IMAGE_TOOL, "size", "bitsandnats-test").stdout) <= 450
    port = free_port()
    command = f"id -u; exec env BITSANDNATS_PORT={port} bitsandnats serve"
    with (tmp_path / "out").open("wb") as out:
        running = subprocess.Popen(
            ["bash", IMAGE_TOOL, "run", "bitsandnats-test", "sh", "-c", command],
            stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        said = (tmp_path / "out").read_bytes
        wait_until(lambda: b"Bits & Nats is at" in said(), said, seconds=2 * PATIENCE)
        _answers(port)
    finally:
        running.terminate()
        running.wait(30)
    assert (tmp_path / "out").read_text().startswith("10001\n")


def _answers(port):
    server = Server.__new__(Server)
    server.port, server.address = port, f"http://127.0.0.1:{port}"

    def is_ready():
        with contextlib.suppress(OSError):
            return server.status("/readyz") == 200

    wait_until(is_ready, "a server that is ready")
    page = Session(server)
    assert page.ask(["mu_p", 1.0])["state"]["mu_p"] == 1.0
    page.close()
