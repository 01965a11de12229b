using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Instrumentator;

/// <summary>The page: one HTML document with its style and script, and the policy that allows these two and nothing
/// else.</summary>
/// <remarks>See https://www.w3.org/TR/CSP3/.</remarks>
internal static class PageDocument
{
    private static readonly Assembly _assembly = typeof(PageDocument).Assembly;
    private static readonly string _style = ReadAll(".css");

    // One module: a file uses names of those before it.
    private static readonly string _script = ReadAll(".js");

    /// <summary>The document, in UTF-8.</summary>
    public static byte[] Html { get; } = Encoding.UTF8.GetBytes(Read("page.html")
        .Replace("/* page.css */", _style, StringComparison.Ordinal)
        .Replace("/* page.js */", _script, StringComparison.Ordinal));

    public static string ContentSecurityPolicy { get; } = string.Join(
        "; ",
        "default-src 'none'",
        $"script-src '{HashOf(_script)}'",
        $"style-src '{HashOf(_style)}'",
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'");

    private static string ReadAll(string extension) => string.Concat(_assembly
        .GetManifestResourceNames()
        .Where(name => name.EndsWith(extension, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(Read));

    private static string HashOf(string text) =>
        $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    // A checkout may have other line ends; browsers hash the text with line feeds.
    private static string Read(string name)
    {
        using var reader = new StreamReader(_assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
