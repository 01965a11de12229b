namespace Instrumentator.Browser;

/// <summary>Texts that would do harm if they were anything but text.</summary>
internal static class Hostile
{
    public const string Image = "<img src=x id=injected-image onerror=alert(1)>";
    public const string Script = "\"'></title></style></script><script id=injected-script>alert(2)</script>";
    public const string Link = "javascript:alert(3)";
    public const string RightToLeft = "\u202Emoc.live\u202C";
    public const string Prototype = "__proto__";

    public static IReadOnlyList<string> All { get; } =
    [
        Image, Script, Link, RightToLeft, Prototype,
        "constructor", "", " ", "${7*7}", "\\u003cb>", "a\nb", new('w', 300),
    ];
}
