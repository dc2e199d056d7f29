//! Redirect URIs of programs on this machine, whose port is known only when they run (RFC 8252 section 7.3).

/// The names of this machine in a redirect URI. RFC 8252 section 8.3 advises against `localhost`; clients use it all the same.
const HOSTS: [&str; 3] = ["127.0.0.1", "[::1]", "localhost"];

/// Whether two redirect URIs of this machine differ in their ports only.
pub(super) fn differ_in_port_only(registered: &str, wanted: &str) -> bool {
    let parts = parts(registered);
    parts.is_some() && parts == self::parts(wanted)
}

/// The host and what follows the port.
fn parts(uri: &str) -> Option<(&'static str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let host = HOSTS.into_iter().find(|host| rest.starts_with(host))?;
    let rest = rest.strip_prefix(host)?;
    let (port, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|digits| digits.parse::<u16>().is_ok());
    is_port.then_some((host, rest))
}

#[cfg(test)]
mod tests {
    use super::differ_in_port_only;

    #[test]
    fn host_and_path_count_and_the_port_does_not() {
        for (registered, wanted, same) in [
            ("http://127.0.0.1:8080/callback", "http://127.0.0.1:51234/callback", true),
            ("http://127.0.0.1/callback", "http://127.0.0.1:1/callback", true),
            ("http://[::1]:8080/callback?a=b", "http://[::1]:9/callback?a=b", true),
            ("http://localhost:8080", "http://localhost:9", true),
            ("http://127.0.0.1:8080/callback", "http://localhost:8080/callback", false),
            ("http://127.0.0.1:8080/callback", "http://127.0.0.1:8080/other", false),
            ("http://127.0.0.1:8080/callback", "http://127.0.0.1:99999/callback", false),
            ("http://127.0.0.1:8080/callback", "http://127.0.0.1.evil.example/callback", false),
            ("http://127.0.0.1:8080/callback", "http://127.0.0.1:80@evil.example/callback", false),
            ("https://127.0.0.1:8080/callback", "https://127.0.0.1:9/callback", false),
            ("https://app.example:8080/callback", "https://app.example:9/callback", false),
        ] {
            assert_eq!(differ_in_port_only(registered, wanted), same, "{registered} {wanted}");
        }
    }
}
