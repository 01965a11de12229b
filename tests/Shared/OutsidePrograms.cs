namespace Instrumentator.Shared;

/// <summary>Programs of others that judge ours. Where they are missing, a test that needs one is skipped; in CI, it
/// fails.</summary>
internal static class OutsidePrograms
{
    /// <summary>Whether this is CI (<c>CI=true</c>).</summary>
    public static bool IsCi => Environment.GetEnvironmentVariable("CI") == "true";

    public static string Promtool() => Require("promtool", package: "prometheus");

    public static string Prometheus() => Require("prometheus", package: "prometheus");

    public static string VictoriaMetrics() => Require("victoria-metrics", package: "victoria-metrics");

    public static string Chromium() => Require("chromium", package: "chromium");

    private static string Require(string program, string package)
    {
        if (Find(program) is { } path)
            return path;
        Assert.SkipUnless(IsCi, $"{program} is missing: install the Debian package {package}");
        throw new InvalidOperationException(
            $"{program} is missing, and CI must have it: install the Debian package {package}");
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
