//! The language of refusals: an instance words them in the language of the user. The wording of a translated instance is not
//! documented, so the translations are this project's own; status, codes and form are those of the English refusals.

use crate::exchange::{Body, Reply, Request};
use crate::switches::Language;

/// Messages in English, German and French. Whole sentences come before their parts.
const PHRASES: &[[&str; 3]] = &[
    ["Invalid table ", "Ungültige Tabelle ", "Table non valide : "],
    [
        "Requested URI does not represent any resource",
        "Der angeforderte URI stellt keine Ressource dar",
        "L'URI demandé ne correspond à aucune ressource",
    ],
    ["No Record found", "Kein Datensatz gefunden", "Aucun enregistrement trouvé"],
    [
        "Record doesn't exist or ACL restricts the record retrieval",
        "Der Datensatz existiert nicht, oder eine ACL verhindert den Abruf",
        "L'enregistrement n'existe pas ou une ACL en limite l'accès",
    ],
    [
        "Records matching query not found. Check query parameter or offset parameter",
        "Zur Abfrage wurden keine Datensätze gefunden. Abfrage und Startposition prüfen",
        "Aucun enregistrement ne correspond à la requête. Vérifiez la requête ou la position",
    ],
    ["User is not authenticated", "Benutzer ist nicht authentifiziert", "L'utilisateur n'est pas authentifié"],
    ["User Not Authenticated", "Benutzer nicht authentifiziert", "Utilisateur non authentifié"],
    [
        "Required to provide Auth information",
        "Authentifizierungsinformationen sind erforderlich",
        "Informations d'authentification requises",
    ],
    [
        "Insufficient rights to query records",
        "Unzureichende Rechte zum Abfragen von Datensätzen",
        "Droits insuffisants pour interroger les enregistrements",
    ],
    [
        "Field(s) present in the query do not have permission to be read",
        "Für Felder in der Abfrage fehlt die Leseberechtigung",
        "Des champs de la requête ne peuvent pas être lus",
    ],
    [
        "No permission to read table ",
        "Keine Berechtigung zum Lesen der Tabelle ",
        "Aucune autorisation de lecture de la table ",
    ],
    ["Operation Failed", "Vorgang fehlgeschlagen", "Échec de l'opération"],
    ["User Not Authorized", "Benutzer nicht autorisiert", "Utilisateur non autorisé"],
    [
        "Failed API level ACL Validation",
        "ACL-Prüfung auf API-Ebene fehlgeschlagen",
        "Échec de la validation ACL de l'API",
    ],
    [
        "Missing required api access scope",
        "Erforderlicher API-Zugriffsbereich fehlt",
        "Étendue d'accès à l'API manquante",
    ],
    [
        "Access to unscoped api is not allowed",
        "Zugriff auf eine API ohne Bereich ist nicht zulässig",
        "L'accès à une API sans étendue n'est pas autorisé",
    ],
    ["Exception while reading request", "Ausnahme beim Lesen der Anforderung", "Exception à la lecture de la requête"],
    ["Operation against file ", "Vorgang an Datei ", "Opération sur le fichier "],
    [
        "was denied due to table security",
        "wurde aufgrund der Tabellensicherheit verweigert",
        "a été refusée en raison de la sécurité de la table",
    ],
    [
        "was aborted by Business Rule",
        "wurde durch eine Geschäftsregel abgebrochen:",
        "a été interrompue par la règle métier",
    ],
    [
        "Failed due to security constraints",
        "aufgrund von Sicherheitseinschränkungen fehlgeschlagen",
        "en échec à cause de contraintes de sécurité",
    ],
    [
        "Data Policy Exception: The following fields are mandatory",
        "Datenrichtlinienausnahme: Folgende Felder sind obligatorisch",
        "Exception de politique de données : champs obligatoires",
    ],
    [
        "Transaction cancelled: maximum execution time exceeded",
        "Transaktion abgebrochen: maximale Ausführungszeit überschritten",
        "Transaction annulée : durée maximale d'exécution dépassée",
    ],
];

/// Translates a refusal into the language of its user: that of the switch, or for [`Language::Caller`] what `Accept-Language` prefers.
pub(crate) fn word(reply: &mut Reply, language: Language, request: &Request) {
    let translation: fn(&[&'static str; 3]) -> &'static str =
        match (language, request.header("Accept-Language").unwrap_or_default().get(..2)) {
            (Language::German, _) | (Language::Caller, Some("de")) => |[_, german, _]: &[&'static str; 3]| *german,
            (Language::French, _) | (Language::Caller, Some("fr")) => |[_, _, french]: &[&'static str; 3]| *french,
            _ => return,
        };
    let Body::Whole(bytes) = &reply.body else { return };
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // The text before the envelope is data.
    let Some(at) = text.rfind(r#""error":"#) else { return };
    let (data, envelope) = text.split_at(at);
    let mut worded = envelope.to_owned();
    for phrase in PHRASES {
        let [english, ..] = phrase;
        worded = worded.replace(english, translation(phrase));
    }
    reply.body = Body::Whole(format!("{data}{worded}").into_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Refusal;

    #[test]
    fn refusals_are_in_the_language_of_the_user() {
        let asked = Request::new("GET", "/").with_header("Accept-Language", "fr-CH, fr;q=0.9, en;q=0.8");
        let said = |language| {
            let mut reply = Refusal::invalid_table("incidnt").reply();
            word(&mut reply, language, &asked);
            String::from_utf8(reply.bytes().to_vec()).unwrap_or_default()
        };
        assert!(said(Language::English).contains("Invalid table incidnt"));
        assert!(said(Language::German).contains("Ungültige Tabelle incidnt"));
        assert!(said(Language::Caller).contains("Table non valide : incidnt"));
    }
}
