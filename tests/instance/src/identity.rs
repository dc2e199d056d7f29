//! Names for rows: the same `sys_id` for the same thing in every run, so that two instances with one seed agree.

/// A `sys_id`, 32 hexadecimal digits, from what it names.
pub(crate) fn sys_id_of(table: &str, name: &str) -> String {
    let text = [table, "/", name].concat();
    format!("{:016x}{:016x}", hash(&text, 1), hash(&text, 2))
}

/// FNV-1a, its bits mixed as in SplitMix64. Nothing here needs to withstand an attacker.
pub(crate) fn hash(text: &str, seed: u64) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for byte in text.bytes() {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}
