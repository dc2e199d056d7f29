"""pysnow, unchanged, against the practice instance: sign in, query with its own builder, page, create, update, delete."""

import os
import sys

# oauthlib refuses plain HTTP unless it is told that this is a test on loopback.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import pysnow
import requests

host = sys.argv[1]
client = pysnow.Client(host=host, user="practice.integration", password="practice-password", use_ssl=False)
incidents = client.resource(api_path="/table/incident")

query = pysnow.QueryBuilder().field("state").equals("7").AND().field("number").order_ascending()
numbers = [row["number"] for row in incidents.get(query=query, limit=50, fields=["number", "state"]).all()]
assert len(numbers) == 50 and numbers == sorted(numbers), numbers

streamed = {row["number"] for row in incidents.get(query={}, stream=True).all()}
assert len(streamed) == 300, len(streamed)

made = incidents.create(payload={"short_description": "from pysnow", "impact": "1", "urgency": "1"}).one()
assert made["number"] == "INC0000301" and made["priority"] == "1", made
changed = incidents.update(query={"number": made["number"]}, payload={"state": "2"}).one()
assert changed["state"] == "2", changed
incidents.delete(query={"number": made["number"]})
assert incidents.get(query={"number": made["number"]}).one_or_none() is None

try:
    client.resource(api_path="/table/u_no_such_table").get(query={}).all()
    raise SystemExit("a table that does not exist was read")
except requests.exceptions.HTTPError as error:
    assert error.response.json()["error"]["message"] == "Invalid table u_no_such_table", error.response.text

oauth = pysnow.OAuthClient(
    client_id="practice-client", client_secret="practice-secret", host=host, use_ssl=False, token_updater=lambda token: None
)
oauth.set_token(oauth.generate_token("practice.integration", "practice-password"))
assert oauth.resource(api_path="/table/incident").get(query={}, limit=1).one()["number"]
print("pysnow is content")
