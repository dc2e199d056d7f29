"""servicenow-rest-api, a package for Node: starts its program with TLS in front of the practice instance."""

import os
import subprocess
import sys

from tls_front import front

port = front(sys.argv[1]).removeprefix("https://localhost")
script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "servicenow_rest_api_client.cjs")
sys.exit(subprocess.run(["node", script, f"127.0.0.1{port}", sys.argv[1]]).returncode)
