using System.Diagnostics;

namespace Instrumentator.Judges;

/// <summary>A program that reads text from its standard input and reports on it.</summary>
internal static class Tool
{
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string program, string[] arguments, byte[] input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Whether a missing tool is a failure: in CI (<c>CI=true</c>).</summary>
    public static bool IsRequired => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Skips a test whose tool is missing; where it is required, fails the test.</summary>
    public static void Missing(string package)
    {
        if (IsRequired)
            Assert.Fail($"A judge is missing: install the Debian package {package}.");
        Assert.Skip($"install the Debian package {package}");
    }
}
