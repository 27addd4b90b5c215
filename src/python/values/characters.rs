//! What kinds of characters there are, and case, as Python's `str` sees them.
//!
//! Properties are those of Unicode's own tables. Upper and lower case are the standard library's; title case
//! and folding, which it does not have, are ICU's.

use icu_casemap::CaseMapper;
use icu_casemap::options::{LeadingAdjustment, TitlecaseOptions, TrailingCase};
use icu_locale_core::LanguageIdentifier;
use icu_properties::props::{
    BinaryProperty, CaseIgnorable, Cased, EnumeratedProperty, GeneralCategory, GeneralCategoryGroup,
    Lowercase, NumericType, Uppercase, XidContinue, XidStart,
};

/// Whether `repr` shows the character as it is.
pub fn is_printable(char: char) -> bool {
    const HIDDEN: GeneralCategoryGroup = GeneralCategoryGroup::Other.union(GeneralCategoryGroup::Separator);
    char == ' ' || !HIDDEN.contains(GeneralCategory::for_char(char))
}

/// Whether `str.isspace` holds, and `str.split` separates there.
pub fn is_space(char: char) -> bool {
    char.is_whitespace() || ('\x1c'..='\x1f').contains(&char)
}

/// Whether `str.isalpha` holds: a letter, and no mark that stands with letters.
pub fn is_letter(char: char) -> bool {
    GeneralCategoryGroup::Letter.contains(GeneralCategory::for_char(char))
}

/// Whether `str.isdecimal` holds.
pub fn is_decimal(char: char) -> bool {
    NumericType::for_char(char) == NumericType::Decimal
}

/// Whether `str.isdigit` holds.
pub fn is_digit(char: char) -> bool {
    [NumericType::Decimal, NumericType::Digit].contains(&NumericType::for_char(char))
}

/// Whether `str.isnumeric` holds.
pub fn is_numeric(char: char) -> bool {
    NumericType::for_char(char) != NumericType::None
}

/// Whether the character is upper case.
pub fn is_upper(char: char) -> bool {
    Uppercase::for_char(char)
}

/// Whether the character is lower case.
pub fn is_lower(char: char) -> bool {
    Lowercase::for_char(char)
}

/// Whether the character is in title case, as "ǅ" is.
pub fn is_title(char: char) -> bool {
    GeneralCategory::for_char(char) == GeneralCategory::TitlecaseLetter
}

/// Whether `str.isidentifier` holds; keywords are identifiers, too.
pub fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first == '_' || XidStart::for_char(first))
        && chars.all(XidContinue::for_char)
}

/// The decimal digit that a character of any script is.
pub fn decimal_digit(char: char) -> Option<u32> {
    if !is_decimal(char) {
        return None;
    }
    // The ten digits of a script follow one another, and so do the scripts of mathematics.
    let before =
        (0..u32::from(char)).rev().map_while(char::from_u32).take_while(|before| is_decimal(*before));
    u32::try_from(before.count() % 10).ok()
}

/// `str.title`: a character behind one that has case is in lower case, any other in title case.
pub fn title_case(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for (place, char) in text.char_indices() {
        if inside {
            push_lower(&mut out, text, place, char);
        } else {
            push_title(&mut out, char);
        }
        inside = Cased::for_char(char);
    }
    out
}

/// `str.capitalize`.
pub fn capitalized(text: &str) -> String {
    let mut out = String::new();
    for (place, char) in text.char_indices() {
        if place == 0 {
            push_title(&mut out, char);
        } else {
            push_lower(&mut out, text, place, char);
        }
    }
    out
}

/// `str.swapcase`.
pub fn swapped(text: &str) -> String {
    let mut out = String::new();
    for (place, char) in text.char_indices() {
        if is_upper(char) {
            push_lower(&mut out, text, place, char);
        } else if is_lower(char) {
            out.extend(char.to_uppercase());
        } else {
            out.push(char);
        }
    }
    out
}

/// `str.casefold`.
pub fn folded(text: &str) -> String {
    CaseMapper::new().fold_string(text).into_owned()
}

/// A character as words in titles start with it.
fn push_title(out: &mut String, char: char) {
    let mut options = TitlecaseOptions::default();
    options.leading_adjustment = Some(LeadingAdjustment::None);
    options.trailing_case = Some(TrailingCase::Unchanged);
    let (mut buffer, language) = ([0; 4], LanguageIdentifier::UNKNOWN);
    let char = char.encode_utf8(&mut buffer);
    out.push_str(
        &CaseMapper::new().titlecase_segment_with_only_case_data_to_string(char, &language, options),
    );
}

/// The character at a place of a text in lower case: a capital sigma depends on what stands around it.
fn push_lower(out: &mut String, text: &str, place: usize, char: char) {
    if char != 'Σ' {
        out.extend(char.to_lowercase());
        return;
    }
    let counts = |char: &char| !CaseIgnorable::for_char(*char);
    let behind = text[..place].chars().rev().find(counts).is_some_and(Cased::for_char);
    let ahead = text[place + char.len_utf8()..].chars().find(counts).is_some_and(Cased::for_char);
    out.push(if behind && !ahead { 'ς' } else { 'σ' });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_letters_have_the_case_that_python_gives_them() {
        assert_eq!(title_case("ΟΔΟΣ ΣΑΣ'Σ ǆ ŉa ﬁn ჰ"), "Οδος Σασ'Σ ǅ ʼNa Fin ჰ");
        assert_eq!(capitalized("ǆΣ"), "ǅς");
        assert_eq!(swapped("ΑΣ ß ǅ"), "ας SS ǅ");
        assert_eq!(folded("ŉßﬁΣςİ"), "ʼnssfiσσi\u{307}");
    }

    #[test]
    fn characters_are_of_the_kinds_that_python_gives_them() {
        assert!(!is_letter('\u{345}') && is_letter('ª') && is_letter('ʰ') && is_letter('中'));
        assert!(is_upper('Ⅷ') && is_lower('ª') && is_title('ǅ') && !is_title('A'));
        assert!(is_decimal('٣') && !is_decimal('²') && is_digit('②') && !is_digit('½'));
        assert!(is_numeric('½') && is_numeric('五') && !is_numeric('a'));
        assert!(is_identifier("_ªé1") && !is_identifier("1a") && !is_identifier(""));
        assert!(is_printable('é') && !is_printable('\u{a0}') && !is_printable('\u{378}'));
        assert_eq!(decimal_digit('𝟗'), Some(9));
        assert_eq!(decimal_digit('٣'), Some(3));
        assert_eq!(decimal_digit('²'), None);
    }
}
