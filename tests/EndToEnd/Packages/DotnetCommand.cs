using Instrumentator.Shared;

namespace Instrumentator.EndToEnd.Packages;

/// <summary>A command of the SDK that must succeed, without a warning.</summary>
internal static class DotnetCommand
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    // Advisories about packages of a template, and versions of them that a source of this machine lacks.
    private static readonly string[] _ofTheMachine = ["NU190", "NU1603"];

    /// <summary>Runs the command, and returns its output.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        // NuGet.config names the folder of packages where that matters.
        await using var command = ChildProcess.Start(SampleProcess.Dotnet, arguments, "NUGET_PACKAGES");
        await command.WaitForExitAsync(_patience);
        Assert.True(command.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}:\n{command.Output}");
        Assert.False(command.Lines.Any(IsWarning), command.Output);
        return command.Output;
    }

    private static bool IsWarning(string line) =>
        line.Contains("warning ", StringComparison.OrdinalIgnoreCase)
        && !_ofTheMachine.Any(code => line.Contains(code, StringComparison.Ordinal));
}
