//! What a browser calls itself, in words its owner recognises.

/// Characters of a user agent that are kept.
const KEPT: usize = 200;

/// A user agent as it is stored.
pub fn kept(user_agent: &str) -> String {
    user_agent.chars().filter(|c| !c.is_control()).take(KEPT).collect()
}

const BROWSERS: [(&str, &str); 9] = [
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("QQBrowser", "QQ 浏览器"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
];

const SYSTEMS: [(&str, &str); 7] = [
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
];

/// 微信 · Android; what is not recognised stays as it is, shortened.
pub fn name(device: &str) -> String {
    let known = |list: &[(&str, &'static str)]| {
        list.iter().find(|(mark, _)| device.contains(mark)).map(|(_, name)| *name)
    };
    match (known(&BROWSERS), known(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (None, None) => device.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_called_as_its_owner_knows_it() {
        let wechat = "Mozilla/5.0 (Linux; Android 10; SEA-AL10) AppleWebKit/537.36 Chrome/86.0 Mobile \
                      Safari/537.36 MicroMessenger/8.0.2";
        assert_eq!(name(wechat), "微信 · Android");
        let desk = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0";
        assert_eq!(name(desk), "Edge · Windows");
        assert_eq!(name("日报汇总"), "日报汇总");
        assert_eq!(kept("a\nb"), "ab");
    }
}
