namespace Instrumentator.Judges;

/// <summary>Prometheus's own tool, as an independent check of the library's output.</summary>
/// <remarks>Other test projects link these files:
/// <c>&lt;Compile Include="../Properties/Judges/Promtool.cs;../Properties/Judges/Tool.cs" /&gt;</c>.</remarks>
internal static class Promtool
{
    public const string SkipReason = "install the Debian package prometheus";

    // The exit code for valid text with remarks, such as missing help or an unusual unit.
    private const int OnlyRemarks = 3;

    /// <summary>Whether a property that needs the tool runs: it cannot skip itself.</summary>
    public static bool IsRequiredOrPresent => Tool.IsRequired || Find() is not null;

    /// <summary>Skips the test if the tool is missing; in CI (<c>CI=true</c>), fails it.</summary>
    public static void Require()
    {
        if (Find() is null)
            Tool.Missing("prometheus");
    }

    /// <summary>Fails unless <c>promtool check metrics</c> can read the text.</summary>
    public static async Task AssertReads(byte[] text, CancellationToken cancellationToken)
    {
        var (exitCode, output, errors) = await Tool.RunAsync(Find()!, ["check", "metrics"], text, cancellationToken);
        Assert.True(exitCode is 0 or OnlyRemarks, $"promtool check metrics exits with {exitCode}: {errors}{output}");
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "promtool.exe" : "promtool"))
        .FirstOrDefault(File.Exists);
}
