//! Files on records: attached, listed, downloaded, renamed, deleted, and refused.

use crate::client::{Client, rows, text};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sysparm_instance::{Body, Release, Reply, Request};

const FILE: &str = "/api/now/attachment/file";

fn incident(client: &mut Client) -> String {
    text(&client.record("incident", "number", "INC0000001"), "sys_id")
}

fn post(client: &mut Client, record: &str, name: &str, content: &[u8]) -> Reply {
    let target = format!("{FILE}?table_name=incident&table_sys_id={record}&file_name={name}");
    client.send(Request::new("POST", &target).with_body("text/plain", content))
}

fn downloaded(reply: &Reply) -> Vec<u8> {
    match &reply.body {
        Body::File(content) => content.read(0, 1 << 20).unwrap_or_default(),
        _ => Vec::new(),
    }
}

#[test]
fn file_is_attached_found_and_downloaded_unchanged() {
    let mut client = Client::with_rows(3);
    let record = incident(&mut client);
    let made = post(&mut client, &record, "Gr%C3%BC%C3%9Fe.txt", b"hello \0 world");
    assert_eq!(made.status, 201, "{}", made.as_json());
    let attachment = made.as_json()["result"].clone();
    let id = text(&attachment, "sys_id");
    assert_eq!(made.header("Location"), Some(format!("http://practice.test/api/now/attachment/{id}/file").as_str()));
    assert_eq!(
        [text(&attachment, "file_name"), text(&attachment, "size_bytes"), text(&attachment, "content_type")],
        ["Grüße.txt", "13", "text/plain"]
    );
    assert_eq!(text(&attachment, "hash").len(), 64);

    let listed = client.get("/api/now/attachment", &[("sysparm_query", &format!("table_sys_id={record}"))]);
    assert_eq!((rows(&listed).len(), listed.header("X-Total-Count")), (1, Some("1")));
    let read = client.get(&format!("/api/now/attachment/{id}"), &[]).as_json()["result"].clone();
    assert!(read.as_object().is_some_and(|read| read.iter().all(|(name, value)| attachment[name] == *value)));

    let file = client.get(&format!("/api/now/v1/attachment/{id}/file"), &[]);
    assert_eq!((file.status, file.header("Content-Type")), (200, Some("text/plain")));
    assert_eq!(downloaded(&file), b"hello \0 world");
    let as_image = Request::new("GET", &format!("/api/now/attachment/{id}/file")).with_header("Accept", "image/png");
    assert_eq!(client.send(as_image).status, 200);
    let metadata = file.header("X-Attachment-Metadata").unwrap_or_default();
    assert!(metadata.is_ascii() && metadata.contains(&id), "{metadata}");
}

#[test]
fn form_carries_the_file_in_its_last_part() {
    let mut client = Client::with_rows(3);
    let record = incident(&mut client);
    let part =
        |name: &str, value: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let file = "--x\r\nContent-Disposition: form-data; name=\"uploadFile\"; filename=\"log.csv\"\r\nContent-Type: text/csv\r\n\r\na,b\r\n1,2\r\n\r\n--x--\r\n";
    let whole = [part("table_name", "incident"), part("table_sys_id", &record), file.to_owned()].concat();
    let send = |client: &mut Client, kind: &str, body: &str| {
        client.send(Request::new("POST", "/api/now/attachment/upload").with_body(kind, body))
    };
    let made = send(&mut client, "multipart/form-data; boundary=x", &whole);
    let attachment = made.as_json()["result"].clone();
    assert_eq!((made.status, text(&attachment, "content_type").as_str()), (201, "text/csv"));
    let file = client.get(&format!("/api/now/attachment/{}/file", text(&attachment, "sys_id")), &[]);
    assert_eq!(downloaded(&file), b"a,b\r\n1,2\r\n");
    assert_eq!(send(&mut client, "multipart/form-data", &whole).status, 400);
    assert_eq!(send(&mut client, "multipart/form-data; boundary=y", &whole).status, 400);
    assert_eq!(send(&mut client, "application/json", &whole).status, 415);
}

#[test]
fn attachment_can_be_renamed_and_is_deleted_with_its_record() {
    let mut client = Client::with_rows(3);
    client.instance.switches_mut().release = Release::Australia;
    let record = incident(&mut client);
    let id = text(&post(&mut client, &record, "a.txt", b"a").as_json()["result"], "sys_id");
    let other = text(&post(&mut client, &record, "b.txt", b"b").as_json()["result"], "sys_id");
    let path = format!("/api/now/attachment/{id}");
    assert_eq!(client.write("PATCH", &path, &json!({"file_name": "c.txt"})).status, 204);
    assert_eq!(client.get(&path, &[]).as_json()["result"]["file_name"], "c.txt");
    assert_eq!(client.write("PATCH", &path, &json!({})).status, 400);
    assert_eq!(client.send(Request::new("DELETE", &path)).status, 204);
    assert_eq!(client.get(&format!("{path}/file"), &[]).status, 404);
    assert_eq!(client.send(Request::new("DELETE", &path)).status, 404);

    client.send(Request::new("DELETE", &format!("/api/now/table/incident/{record}")));
    assert_eq!(client.get(&format!("/api/now/attachment/{other}"), &[]).status, 404);
    assert_eq!(rows(&client.get("/api/now/attachment", &[])).len(), 0);
}

#[test]
fn file_is_stored_with_one_row_per_chunk() {
    let mut client = Client::with_rows(3);
    let record = incident(&mut client);
    let id = text(&post(&mut client, &record, "large.bin", &vec![1; 1_500_000]).as_json()["result"], "sys_id");
    let query = format!("sys_attachment={id}^ORDERBYposition");
    let chunks = rows(&client.get("/api/now/table/sys_attachment_doc", &[("sysparm_query", &query)]));
    let lengths: Vec<String> = chunks.iter().map(|chunk| text(chunk, "length")).collect();
    assert_eq!(lengths, ["700000", "700000", "100000"]);
}

#[test]
fn missing_hidden_large_or_forbidden_files_are_refused() {
    let mut client = Client::with_rows(3);
    let record = incident(&mut client);
    let target = format!("{FILE}?table_name=incident&table_sys_id={record}&file_name=");
    assert_eq!(client.send(Request::new("POST", &target).with_body("text/plain", "x")).status, 400);
    let untyped = Request::new("POST", &format!("{target}a.txt"));
    assert_eq!(client.send(untyped).status, 400);
    assert_eq!(post(&mut client, "0000", "a.txt", b"x").status, 404);
    let by_visitor = Request::new("POST", &format!("{target}a.txt")).with_body("text/plain", "x");
    assert_eq!(client.send_as("practice.visitor", by_visitor).status, 404);

    let id = text(&post(&mut client, &record, "a.txt", b"x").as_json()["result"], "sys_id");
    let path = format!("/api/now/attachment/{id}/file");
    assert_eq!(client.send_as("practice.visitor", Request::new("GET", &path)).status, 404);
    client.instance.switches_mut().hidden = 1.0;
    assert_eq!(client.get(&path, &[]).status, 404);
    client.instance.switches_mut().hidden = 0.0;

    client.add("sys_properties", &json!({"name": "com.glide.attachment.max_size", "value": "1"}));
    assert_eq!(post(&mut client, &record, "b.bin", &vec![0; 1 << 20]).status, 201);
    assert_eq!(post(&mut client, &record, "b.bin", &vec![0; (1 << 20) + 1]).status, 413);
    client.add("sys_properties", &json!({"name": "glide.attachment.extensions", "value": "txt, pdf"}));
    assert_eq!(post(&mut client, &record, "b.exe", b"x").status, 403);
    assert_eq!(post(&mut client, &record, "b.PDF", b"x").status, 201);
}

#[test]
fn attributes_are_added_changed_and_deleted_with_their_file() {
    let mut client = Client::with_rows(3);
    client.instance.switches_mut().release = Release::Australia;
    let record = incident(&mut client);
    let made = post(&mut client, &record, "a.txt", b"a").as_json()["result"].clone();
    assert_eq!(made["created_by_name"], made["updated_by_name"]);
    let attachment = format!("/api/now/attachment/{}", text(&made, "sys_id"));
    let all = format!("{attachment}/attributes");
    let one = format!("{all}/alt%20text");
    let added = client.write("POST", &all, &json!({"key": "alt text", "value": "A file"}));
    assert_eq!((added.status, added.as_json()), (201, json!({"result": {"key": "alt text", "value": "A file"}})));
    for wrong in [json!({"key": "alt text", "value": "again"}), json!({"key": "x"}), json!({"key": "", "value": ""})] {
        assert_eq!(client.write("POST", &all, &wrong).status, 400);
    }
    let changed = client.write("PUT", &one, &json!({"value": "Other"}));
    assert_eq!((changed.status, &changed.as_json()["result"]["value"]), (200, &json!("Other")));
    assert_eq!(client.get(&one, &[]).as_json()["result"], json!({"key": "alt text", "value": "Other"}));
    assert_eq!(client.write("PUT", &one, &json!({})).status, 400);
    client.write("POST", &all, &json!({"key": "second", "value": ""}));
    assert_eq!(rows(&client.get(&all, &[])).len(), 2);
    assert_eq!(client.send(Request::new("DELETE", &one)).status, 204);
    assert_eq!((client.get(&one, &[]).status, rows(&client.get(&all, &[])).len()), (404, 1));
    assert_eq!(client.send(Request::new("DELETE", &all)).status, 204);
    assert_eq!(rows(&client.get(&all, &[])).len(), 0);
    client.write("POST", &all, &json!({"key": "last", "value": "x"}));
    assert_eq!(client.send_as("practice.visitor", Request::new("GET", &all)).status, 404);
    client.send(Request::new("DELETE", &attachment));
    assert_eq!(client.get(&all, &[]).status, 404);
    assert_eq!(client.record("sys_attachment_attribute", "key", "last"), json!(null));
}

#[test]
fn releases_before_australia_have_no_attributes_and_no_renaming() {
    let mut client = Client::with_rows(3);
    let record = incident(&mut client);
    let id = text(&post(&mut client, &record, "a.txt", b"a").as_json()["result"], "sys_id");
    let path = format!("/api/now/attachment/{id}");
    assert_eq!(client.write("PATCH", &path, &json!({"file_name": "c.txt"})).status, 405);
    let attributes = client.get(&format!("{path}/attributes"), &[]);
    let message = "Requested URI does not represent any resource";
    assert_eq!((attributes.status, &attributes.as_json()["error"]["message"]), (400, &json!(message)));
}

#[test]
fn message_in_base64_becomes_an_attachment() {
    let mut client = Client::with_rows(3);
    let record = incident(&mut client);
    let message = |name: &str, source: &str, payload: &str| json!({"agent": "AttachmentCreator", "topic": "AttachmentCreator", "name": name, "source": source, "payload": payload});
    let source = format!("incident:{record}");
    let good = client.add("ecc_queue", &message("a.txt:text/plain", &source, &STANDARD.encode("hello")));
    assert_eq!(client.record("ecc_queue", "sys_id", &good)["state"], "processed");
    let attachment = client.record("sys_attachment", "table_sys_id", &record);
    assert_eq!(
        (text(&attachment, "file_name"), text(&attachment, "content_type")),
        ("a.txt".into(), "text/plain".into())
    );
    let file = client.get(&format!("/api/now/attachment/{}/file", text(&attachment, "sys_id")), &[]);
    assert_eq!(downloaded(&file), b"hello");
    for (name, source, payload, reason) in [
        ("a.txt", source.as_str(), "aGk=", "content type"),
        ("a.txt:text/plain", "incident", "aGk=", "sys_id"),
        ("a.txt:text/plain", source.as_str(), "?", "base64"),
        ("a.txt:text/plain", "incident:none", "aGk=", "No Record found"),
    ] {
        let bad = client.add("ecc_queue", &message(name, source, payload));
        let bad = client.record("ecc_queue", "sys_id", &bad);
        assert_eq!(bad["state"], "error");
        assert!(text(&bad, "error_string").contains(reason), "{bad}");
    }
    let other = client.add("ecc_queue", &json!({"agent": "mid.server.one", "topic": "Command", "payload": "x"}));
    assert_eq!(client.record("ecc_queue", "sys_id", &other)["state"], "ready");
}

#[test]
fn names_sizes_and_types_are_checked_as_properties_say() {
    let mut client = Client::with_rows(3);
    let record = incident(&mut client);
    let refused = post(&mut client, &record, "a[1].txt", b"x");
    let error = refused.as_json()["error"].clone();
    assert_eq!(
        (refused.status, text(&error, "message"), text(&error, "detail")),
        (400, "Invalid query".into(), "Invalid uri".into())
    );
    assert_eq!(post(&mut client, &record, "a%5B1%5D.txt", b"x").as_json()["result"]["file_name"], "a[1].txt");

    client.add("sys_properties", &json!({"name": "com.glide.attachment.max_size", "value": ""}));
    assert_eq!(post(&mut client, &record, "k.txt", &[b'x'; 1024]).status, 201);
    let refused = post(&mut client, &record, "k.txt", &[b'x'; 1025]);
    assert_eq!(refused.status, 413);
    assert!(text(&refused.as_json()["error"], "detail").ends_with("of 1 KB"));

    client.add("sys_properties", &json!({"name": "glide.security.file.mime_type.validation", "value": "true"}));
    assert_eq!(post(&mut client, &record, "p.png", b"\x89PNG\r\n\x1a\n").status, 201);
    assert_eq!(post(&mut client, &record, "p.png", b"MZ").status, 403);
    client.add("sys_properties", &json!({"name": "glide.attachment.role", "value": "attachment_writer"}));
    assert_eq!(post(&mut client, &record, "a.txt", b"x").status, 403);
}
