//! Varies a fault into a case: method, address, wording, language, envelope, letter case, headers, and sometimes a second fault.
//!
//! How: each case draws a fault (one in four a proxy's page), one of its wordings, a method that meets it, a table and a field,
//! and then independently: the envelope (JSON as the platform writes it, other order, pretty, with more members; XML; the
//! message alone; no body), a language of which the classifier knows no word, headers that the browser hides, all letters upper or lower, headers beside, header names in capitals, no `Content-Type` or a wrong
//! one. A tenth bring no reply or a cut one, and a tenth meet a second fault: the rate headers of a rule that is not yet
//! used up, a cookie, another fault's words in a body that a gateway replaced.

use sysparm::diagnose::{Kind, Transport};
use sysparm::request::Method;

use crate::chance::Chance;
use crate::faults::{Advice, FAULTS, Fault, Meets};
use crate::pages::PAGES;

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    /// Status, header lines and body; or no reply.
    pub(crate) reply: Result<(u16, String, String), Transport>,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) advice: Advice,
    /// Whether advice to repeat it would be wrong: a write that may have happened.
    pub(crate) unsafe_to_repeat: bool,
}

const TABLES: [&str; 6] = ["incident", "sys_user", "cmdb_ci_server", "u_übergabe", "x_acme_hr_case", "task"];
const FOREIGN: [(&str, &str); 6] = [
    ("Handlingen er ikke tilladt", "Kontakt administratoren ({n})"),
    ("操作失败", "请联系管理员 {n}"),
    ("Działanie nie powiodło się", ""),
    ("Operação falhou", "{f}"),
    ("الإجراء غير مسموح", "{t}"),
    ("Действие не выполнено", "{f}: {n}"),
];
const WORDS: [&str; 5] = ["short_description", "u_größe", "close_notes", "opened_at", "x_1"];

pub(crate) fn case(chance: &mut Chance) -> Case {
    match chance.below(10) {
        0 => without_whole_reply(chance),
        _ => with_reply(chance),
    }
}

fn with_reply(chance: &mut Chance) -> Case {
    let page = chance.percent(25);
    let fault = if page { chance.one(PAGES) } else { chance.one(FAULTS) };
    let (method, path) = request(chance, fault.meets);
    let status = chance.one(fault.statuses);
    let (message, detail) = chance.one(fault.says);
    let (table, word, number) = (chance.one(&TABLES), chance.one(&WORDS), chance.below(1_000_000).to_string());
    // Another language of the instance, for which no wording stands here.
    let foreign = !page && !message.is_empty() && chance.percent(10);
    let (message, detail) = if foreign { chance.one(&FOREIGN) } else { (message, detail) };
    let fill = |text: &str| text.replace("{t}", table).replace("{f}", word).replace("{n}", &number);
    let mut body = if page {
        html(&fill(message), &fill(detail))
    } else {
        envelope(chance, fault.meets, &fill(message), &fill(detail))
    };
    let mut kinds = fault.kinds.to_vec();
    let mut advice = if method.writes() && fault.meets != Meets::Token { fault.to_writes } else { fault.advice };
    // A page in a browser sees no headers but those that a CORS rule exposes.
    let exposed = !chance.percent(15);
    let mut lines = vec![if exposed { fault.headers } else { "" }.to_owned()];
    let kind = if page {
        "text/html;charset=UTF-8"
    } else if body.starts_with('<') {
        "application/xml"
    } else {
        "application/json;charset=UTF-8"
    };
    // A page is known by its type or by its text; a body that is gone leaves the status to speak.
    if page || !chance.percent(15) {
        lines.push(format!("Content-Type: {}", if !page && chance.percent(10) { "text/plain" } else { kind }));
    }
    if chance.percent(10) {
        second_fault(chance, &fault, status, &mut body, &mut lines, &mut kinds, &mut advice);
    }
    match chance.below(8) {
        0 => body = body.to_uppercase(),
        1 => body = body.to_lowercase(),
        _ => {}
    }
    if chance.percent(40) {
        lines.push(
            "X-Transaction-ID: 5f2b\nServer-Timing: wall;dur=73\nSet-Cookie: JSESSIONID=1; Secure\nVia: 1.1 proxy"
                .to_owned(),
        );
    }
    let mut headers = lines.join("\n");
    if chance.percent(20) {
        headers = headers
            .lines()
            .map(|line| {
                line.split_once(": ")
                    .map_or_else(String::new, |(name, value)| format!("{}: {value}\n", name.to_uppercase()))
            })
            .collect();
    }
    let unsafe_to_repeat = fault.may_be_done && method.writes() && fault.meets != Meets::Token;
    Case {
        name: format!("{} ({status} {message})", fault.name),
        method,
        path,
        reply: Ok((status, headers, body)),
        kinds,
        advice,
        unsafe_to_repeat,
    }
}

fn without_whole_reply(chance: &mut Chance) -> Case {
    let (method, path) = request(chance, Meets::Both);
    let later = if method.writes() { Advice::LookFirst } else { Advice::Later };
    let made = |name: &str, reply, kinds: &[Kind], advice| Case {
        name: name.to_owned(),
        method,
        path: path.clone(),
        reply,
        kinds: kinds.to_vec(),
        advice,
        unsafe_to_repeat: method.writes(),
    };
    let status = if method == Method::Post { 201 } else { 200 };
    let json = "content-type: application/json".to_owned();
    match chance.below(5) {
        0 => made("time-out", Err(Transport::TimedOut), &[Kind::Network], later),
        1 => made("unreachable", Err(Transport::Unreachable), &[Kind::Network], later),
        2 => {
            let cut =
                r#"{"result":[{"number":"INC1","message":"hush"},{"num"#.chars().take(5 + chance.below(40)).collect();
            made("cut", Ok((status, json, cut)), &[Kind::Instance], later)
        }
        3 => {
            let body = r#"{"result":[{"number":"INC1"},"error":{"message":"Transaction cancelled: maximum execution time exceeded","detail":"Transaction cancelled: maximum"}"#;
            let advice = if method.writes() { Advice::LookFirst } else { Advice::Never };
            made("cancelled under way", Ok((status, json, body.to_owned())), &[Kind::Capacity, Kind::Instance], advice)
        }
        _ => {
            let body = r#"{"batch_request_id":"1","serviced_requests":[{"id":"1","status_code":201,"body":"e30="}],"unserviced_requests":["2"]}"#;
            Case {
                name: "a part of a batch".to_owned(),
                method: Method::Post,
                path: "/api/now/v1/batch".to_owned(),
                reply: Ok((200, json, body.to_owned())),
                kinds: vec![Kind::Capacity],
                advice: Advice::LookFirst,
                unsafe_to_repeat: true,
            }
        }
    }
}

fn second_fault(
    chance: &mut Chance,
    fault: &Fault,
    status: u16,
    body: &mut String,
    lines: &mut Vec<String>,
    kinds: &mut Vec<Kind>,
    advice: &mut Advice,
) {
    match chance.below(3) {
        // The rule's headers come with successes and other failures as well.
        0 if status != 429 => {
            lines.push("X-RateLimit-Limit: 1000\nX-RateLimit-Reset: 1772370000\nX-RateLimit-Rule: abc".to_owned())
        }
        1 => lines.push("Connection: close\nAge: 3".to_owned()),
        // A gateway puts its page in the place of what the instance said; of both faults the status alone is left.
        _ if fault.meets != Meets::Token && matches!(status, 500) => {
            *body = html("500 Internal Server Error", "gateway");
            kinds.push(Kind::Instance);
            if *advice == Advice::Never {
                *advice = Advice::Later;
            }
        }
        _ => {}
    }
}

fn request(chance: &mut Chance, meets: Meets) -> (Method, String) {
    if meets == Meets::Token {
        return (Method::Post, "/oauth_token.do".to_owned());
    }
    let method = chance.one(meets.methods());
    let table = chance.one(&["incident", "sys_user", "task"]);
    let version = chance.one(&["", "v1/", "v2/"]);
    let record = if matches!(method, Method::Get | Method::Post) { "" } else { "/9c573169c611228700193229fff72400" };
    let query = if method == Method::Get { "?sysparm_query=active%3Dtrue&sysparm_limit=10" } else { "" };
    (method, format!("/api/now/{version}table/{table}{record}{query}"))
}

fn html(title: &str, text: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    )
}

fn envelope(chance: &mut Chance, meets: Meets, message: &str, detail: &str) -> String {
    if message.is_empty() {
        return String::new();
    }
    if meets == Meets::Token {
        return match chance.below(3) {
            0 => format!(r#"{{"error":"{message}"}}"#),
            1 => format!("{{\n  \"error\" : \"{message}\",\n  \"error_description\" : \"{detail}\"\n}}"),
            _ => format!(r#"{{"error_description":"{detail}","error":"{message}"}}"#),
        };
    }
    let detail_json = if detail.is_empty() { "null".to_owned() } else { format!("\"{detail}\"") };
    match chance.below(12) {
        0 => format!(
            "{{\n  \"status\" : \"failure\",\n  \"error\" : {{\n    \"detail\" : {detail_json},\n    \"message\" : \"{message}\"\n  }}\n}}"
        ),
        1 => format!(r#"{{"error":{{"detail":{detail_json},"message":"{message}"}},"status":"failure"}}"#),
        2 => format!(
            r#"{{"error":{{"message":"{message}","detail":{detail_json}}},"status":"failure","session":{{"debug_logs":["one"]}}}}"#
        ),
        3 | 4 => format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><response><error><detail>{detail}</detail><message>{message}</message></error><status>failure</status></response>"
        ),
        5 => format!("{message} {detail}"),
        6 => format!(r#"{{"error":{{"message":"{message}"}}}}"#),
        _ => format!(r#"{{"error":{{"message":"{message}","detail":{detail_json}}},"status":"failure"}}"#),
    }
}
