//! Varies a fault into a case: method, address, wording, language, envelope, letter case, headers, and sometimes a second fault.
//!
//! Each case draws a fault (one in four a proxy's page), one of its wordings, a method that it affects, a table and a field. The
//! following vary independently: the envelope (JSON as the platform writes it, in another order, pretty-printed, with more members;
//! XML; only the message; no body), a language unknown to the classifier, headers hidden by the browser, letter case, additional
//! headers, header names in capitals, and a missing or wrong `Content-Type`. A tenth of the cases have no reply or a truncated one. A
//! tenth have a second fault: rate limit headers of a rule that is not used up, other headers, or a gateway's page instead of the body.

use sysparm::diagnose::{Kind, Transport};
use sysparm::request::Method;

use crate::faults::{Advice, FAULTS, Fault, Meets};
use crate::pages::PAGES;
use crate::random::Random;

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    /// Status, header lines and body, or no reply.
    pub(crate) reply: Result<(u16, String, String), Transport>,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) advice: Advice,
    /// True for a write that may have happened, which must not be repeated blindly.
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

pub(crate) fn case(random: &mut Random) -> Case {
    match random.below(10) {
        0 => without_whole_reply(random),
        _ => with_reply(random),
    }
}

fn with_reply(random: &mut Random) -> Case {
    let page = random.percent(25);
    let fault = if page { random.one(PAGES) } else { random.one(FAULTS) };
    let (method, path) = request(random, fault.meets);
    let status = random.one(fault.statuses);
    let (message, detail) = random.one(fault.says);
    let (table, word, number) = (random.one(&TABLES), random.one(&WORDS), random.below(1_000_000).to_string());
    // A language of the instance without its own wording here.
    let foreign = !page && !message.is_empty() && random.percent(10);
    let (message, detail) = if foreign { random.one(&FOREIGN) } else { (message, detail) };
    let fill = |text: &str| text.replace("{t}", table).replace("{f}", word).replace("{n}", &number);
    let mut body = if page {
        html(&fill(message), &fill(detail))
    } else {
        envelope(random, fault.meets, &fill(message), &fill(detail))
    };
    let mut kinds = fault.kinds.to_vec();
    let mut advice = if method.writes() && fault.meets != Meets::Token { fault.to_writes } else { fault.advice };
    // A browser shows only headers that a CORS rule exposes.
    let exposed = !random.percent(15);
    let mut lines = vec![if exposed { fault.headers } else { "" }.to_owned()];
    let kind = if page {
        "text/html;charset=UTF-8"
    } else if body.starts_with('<') {
        "application/xml"
    } else {
        "application/json;charset=UTF-8"
    };
    // A page is recognised by its type or its text. Without a body only the status is left.
    if page || !random.percent(15) {
        lines.push(format!("Content-Type: {}", if !page && random.percent(10) { "text/plain" } else { kind }));
    }
    if random.percent(10) {
        second_fault(random, &fault, status, &mut body, &mut lines, &mut kinds, &mut advice);
    }
    match random.below(8) {
        0 => body = body.to_uppercase(),
        1 => body = body.to_lowercase(),
        _ => {}
    }
    if random.percent(40) {
        lines.push(
            "X-Transaction-ID: 5f2b\nServer-Timing: wall;dur=73\nSet-Cookie: JSESSIONID=1; Secure\nVia: 1.1 proxy"
                .to_owned(),
        );
    }
    let mut headers = lines.join("\n");
    if random.percent(20) {
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

fn without_whole_reply(random: &mut Random) -> Case {
    let (method, path) = request(random, Meets::Both);
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
    match random.below(5) {
        0 => made("time-out", Err(Transport::TimedOut), &[Kind::Network], later),
        1 => made("unreachable", Err(Transport::Unreachable), &[Kind::Network], later),
        2 => {
            let cut =
                r#"{"result":[{"number":"INC1","message":"hush"},{"num"#.chars().take(5 + random.below(40)).collect();
            made("cut", Ok((status, json, cut)), &[Kind::Instance], later)
        }
        3 => {
            let body = r#"{"result":[{"number":"INC1"},"error":{"message":"Transaction cancelled: maximum execution time exceeded","detail":"Transaction cancelled: maximum"}"#;
            let advice = if method.writes() { Advice::LookFirst } else { Advice::Never };
            made(
                "cancelled in progress",
                Ok((status, json, body.to_owned())),
                &[Kind::Capacity, Kind::Instance],
                advice,
            )
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
    random: &mut Random,
    fault: &Fault,
    status: u16,
    body: &mut String,
    lines: &mut Vec<String>,
    kinds: &mut Vec<Kind>,
    advice: &mut Advice,
) {
    match random.below(3) {
        // Successes and other failures also have the rule's headers.
        0 if status != 429 => {
            lines.push("X-RateLimit-Limit: 1000\nX-RateLimit-Reset: 1772370000\nX-RateLimit-Rule: abc".to_owned())
        }
        1 => lines.push("Connection: close\nAge: 3".to_owned()),
        // A gateway replaced the instance's body with its page, so only the status is left of the first fault.
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

fn request(random: &mut Random, meets: Meets) -> (Method, String) {
    if meets == Meets::Token {
        return (Method::Post, "/oauth_token.do".to_owned());
    }
    let method = random.one(meets.methods());
    let table = random.one(&["incident", "sys_user", "task"]);
    let version = random.one(&["", "v1/", "v2/"]);
    let record = if matches!(method, Method::Get | Method::Post) { "" } else { "/9c573169c611228700193229fff72400" };
    let query = if method == Method::Get { "?sysparm_query=active%3Dtrue&sysparm_limit=10" } else { "" };
    (method, format!("/api/now/{version}table/{table}{record}{query}"))
}

fn html(title: &str, text: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    )
}

fn envelope(random: &mut Random, meets: Meets, message: &str, detail: &str) -> String {
    if message.is_empty() {
        return String::new();
    }
    if meets == Meets::Token {
        return match random.below(3) {
            0 => format!(r#"{{"error":"{message}"}}"#),
            1 => format!("{{\n  \"error\" : \"{message}\",\n  \"error_description\" : \"{detail}\"\n}}"),
            _ => format!(r#"{{"error_description":"{detail}","error":"{message}"}}"#),
        };
    }
    let detail_json = if detail.is_empty() { "null".to_owned() } else { format!("\"{detail}\"") };
    match random.below(12) {
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
