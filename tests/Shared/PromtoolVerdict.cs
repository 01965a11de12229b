using System.Diagnostics;

namespace Instrumentator.Shared;

/// <summary>What <c>promtool check metrics</c> says of a scrape.</summary>
/// <param name="ExitCode">0 when all is well, 1 when it cannot be read, 3 when there is something to remark.</param>
/// <param name="Remarks">A line each.</param>
internal sealed record PromtoolVerdict(int ExitCode, IReadOnlyList<string> Remarks)
{
    public static async Task<PromtoolVerdict> OfAsync(string text, CancellationToken cancelled)
    {
        using var process = Process.Start(new ProcessStartInfo(OutsidePrograms.Promtool(), ["check", "metrics"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(cancelled);
        var output = process.StandardOutput.ReadToEndAsync(cancelled);
        await process.StandardInput.WriteAsync(text.AsMemory(), cancelled);
        process.StandardInput.Close();
        var said = await errors + await output;
        await process.WaitForExitAsync(cancelled);
        return new PromtoolVerdict(
            process.ExitCode,
            said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
