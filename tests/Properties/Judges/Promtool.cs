using System.Diagnostics;

namespace Instrumentator.Judges;

/// <summary>Prometheus's own tool, as an outside judge of what we write.</summary>
/// <remarks>Other test projects link this file: <c>&lt;Compile Include="../Properties/Judges/Promtool.cs" /&gt;</c>.</remarks>
internal static class Promtool
{
    // What it says of texts that can be read, but have no help or an unusual unit.
    private const int OnlyRemarks = 3;

    /// <summary>Skips the test where the tool is missing; in CI (<c>CI=true</c>) that fails.</summary>
    public static void Require()
    {
        if (Find() is not null)
            return;
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail("promtool is missing: install the Debian package prometheus.");
        Assert.Skip("install the Debian package prometheus");
    }

    /// <summary>Fails unless <c>promtool check metrics</c> can read the text.</summary>
    public static async Task AssertReads(byte[] text, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Find()!, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.StandardInput.BaseStream.WriteAsync(text, cancellation);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode is 0 or OnlyRemarks, $"promtool check metrics exits with {process.ExitCode}: {await errors}{await output}");
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "promtool.exe" : "promtool"))
        .FirstOrDefault(File.Exists);
}
