namespace OrleansChat.Browser.Tests;

/// <summary>
/// What people try who want to run a script in somebody else's page (S8), written as combinations: ways to bring an element, an
/// attribute, an address or an escape into a page, each as a message, a name or a search would carry it.
/// </summary>
internal static class HostilePayloads
{
    /// <summary>Sets a mark that the test looks for.</summary>
    private const string Script = "window.harmed=1";

    private static readonly string[] Elements =
    [
        $"<script>{Script}</script>", $"<SCRIPT>{Script}</SCRIPT>", $"<scr<script>ipt>{Script}</scr</script>ipt>", $"<script src=data:,{Script}></script>",
        $"<script\n>{Script}</script\n>", $"<script/x>{Script}</script>", $"\"><script>{Script}</script>", $"'><script>{Script}</script>",
        $"</textarea><script>{Script}</script>", $"</title><script>{Script}</script>", $"</style><script>{Script}</script>", $"--><script>{Script}</script>",
        $"]]><script>{Script}</script>", $"<noscript><p title=\"</noscript><img src=x onerror={Script}>\">", $"<template><script>{Script}</script></template>",
        $"<iframe srcdoc=\"<script>parent.{Script}</script>\"></iframe>", $"<iframe src=\"javascript:parent.{Script}\"></iframe>", $"<object data=\"javascript:{Script}\"></object>",
        $"<embed src=\"javascript:{Script}\">", $"<base href=\"javascript:{Script}//\">", $"<meta http-equiv=refresh content=\"0;url=javascript:{Script}\">",
        $"<link rel=stylesheet href=\"data:text/css,*{{}}\">", $"<style>@import 'javascript:{Script}';</style>", $"<math><mtext><script>{Script}</script></mtext></math>",
        $"<svg><script>{Script}</script></svg>", $"<svg><style><img src=x onerror={Script}></style></svg>", $"<form action=\"javascript:{Script}\"><button>x</button></form>",
        $"<button formaction=\"javascript:{Script}\" form=x>x</button>", $"<isindex action=\"javascript:{Script}\" type=image>", $"<!--[if gte IE 4]><script>{Script}</script><![endif]-->",
    ];

    private static readonly string[] Tags =
    [
        "img src=x", "svg", "body", "video src=x", "audio src=x", "input autofocus", "select autofocus", "textarea autofocus", "details open", "marquee", "iframe src=x", "object data=x",
        "style", "link rel=stylesheet href=x", "a href=x", "div", "svg/", "x contenteditable tabindex=0", "p style=animation-name:x", "keygen autofocus",
    ];

    private static readonly string[] Handlers =
    [
        "onerror", "onload", "onfocus", "onmouseover", "onclick", "ontoggle", "onstart", "onanimationstart", "onpointerenter", "onbeforetoggle", "oncut", "onscrollend",
    ];

    private static readonly string[] Addresses =
    [
        $"javascript:{Script}", $"JaVaScRiPt:{Script}", $"java\tscript:{Script}", $"java\nscript:{Script}", $" javascript:{Script}", $"\u0001javascript:{Script}", $"javascript&colon;{Script}",
        $"&#106;avascript:{Script}", $"javascript://%0a{Script}", $"data:text/html,<script>{Script}</script>", "data:text/html;base64,PHNjcmlwdD53aW5kb3cuaGFybWVkPTE8L3NjcmlwdD4=",
        $"vbscript:{Script}", "blob:x", "file:///etc/passwd", $"feed:javascript:{Script}", $"view-source:javascript:{Script}", $"https:javascript:{Script}", $"//x/%0ajavascript:{Script}",
    ];

    private static readonly Func<string, string>[] Links =
    [
        address => $"[click]({address})", address => $"[click](<{address}>)", address => $"[click][1]\n\n[1]: {address}", address => $"<{address}>", address => $"![picture]({address})",
        address => $"[click]({address} \"title\")", address => $"<a href=\"{address}\">click</a>", address => $"[![x]({address})]({address})", address => address,
    ];

    private static readonly string[] Escapes =
    [
        "{{constructor.constructor('window.harmed=1')()}}", "${window.harmed=1}", "#{window.harmed=1}", "<%= window.harmed=1 %>", "';window.harmed=1;//", "\\';window.harmed=1;//",
        "\"};window.harmed=1;//", "`;window.harmed=1;`", "\u2028window.harmed=1", "</script\u0020>", "&lt;script&gt;window.harmed=1&lt;/script&gt;", "\\u003cscript\\u003ewindow.harmed=1\\u003c/script\\u003e",
        "%3Cscript%3Ewindow.harmed=1%3C/script%3E", "＜script＞window.harmed=1＜/script＞", "<\u0000script>".Replace("\u0000", string.Empty, StringComparison.Ordinal), "__proto__", "constructor",
        "[object Object]", "<@__proto__>", "<@<script>window.harmed=1</script>>", "<@\"onmouseover=window.harmed=1>", "```html\n<img src=x onerror=window.harmed=1>\n```",
        "```\"><img src=x onerror=window.harmed=1>\nx\n```", "`<img src=x onerror=window.harmed=1>`", "> <img src=x onerror=window.harmed=1>", "- <svg onload=window.harmed=1>",
        "1. **<img src=x onerror=window.harmed=1>**", "| <script>window.harmed=1</script> |\n|---|", "$$\\href{javascript:window.harmed=1}{x}$$", ":<img src=x onerror=window.harmed=1>:",
    ];

    /// <summary>All of them, each different.</summary>
    internal static IReadOnlyList<string> All { get; } =
    [
        .. Elements
            .Concat(Tags.SelectMany(tag => Handlers.Select(handler => $"<{tag} {handler}={Script}>")))
            .Concat(Addresses.SelectMany(address => Links.Select(link => link(address))))
            .Concat(Escapes)
            .Concat(Elements.Select(element => $"**{element}**"))
            .Concat(Elements.Take(12).Select(element => $"[{element}](https://example.org)"))
            .Distinct(),
    ];
}
