using System.Diagnostics;

namespace Instrumentator;

/// <summary>The values of this process at one moment. Values that the operating system does not give are
/// null.</summary>
internal sealed record ProcessReading
{
    // The start time of a process does not change, and reading it takes longer than the rest.
    /// <summary>The time when this process started, in seconds since 1970 (UTC); null if it cannot be read.</summary>
    /// <remarks>Read once: it does not change, and reading it takes longer than the rest.</remarks>
    public static double? Started { get; } = Try<double?>(static () =>
    {
        using var process = Process.GetCurrentProcess();
        return (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
    });

    /// <summary>User and system CPU time in seconds.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>The time when the process started, in seconds since 1970 (UTC).</summary>
    public double? StartTime { get; init; }

    public double? Threads { get; init; }

    public double? OpenFiles { get; init; }

    public double? MaxFiles { get; init; }

    /// <summary>Open handles. On Linux and macOS, these are the open files.</summary>
    public double? OpenHandles { get; init; }

    public double? ResidentBytes { get; init; }

    public double? PrivateBytes { get; init; }

    public double? VirtualBytes { get; init; }

    public double? MaxVirtualBytes { get; init; }

    /// <summary>Reads the values in the way of this operating system.</summary>
    public static ProcessReading Now() => OperatingSystem.IsLinux() ? LinuxProcess.Read(Times()) : OfBcl();

    /// <summary>Reads the values from the base class library alone, for operating systems without
    /// <c>/proc</c>.</summary>
    public static ProcessReading OfBcl()
    {
        using var process = Process.GetCurrentProcess();
        var handles = Positive(() => process.HandleCount);
        return Times() with
        {
            // On Windows, this list comes with the other values; on macOS, it would need a call for each thread.
            Threads = OperatingSystem.IsMacOS() ? null : Positive(() => process.Threads.Count),
            OpenFiles = OperatingSystem.IsWindows() ? null : handles,
            OpenHandles = handles,
            ResidentBytes = Positive(() => process.WorkingSet64),
            PrivateBytes = Positive(() => process.PrivateMemorySize64),
            VirtualBytes = Positive(() => process.VirtualMemorySize64),
        };
    }

    /// <summary>Returns a value, or null if reading it fails.</summary>
    public static T? Try<T>(Func<T?> read)
    {
        try
        {
            return read();
        }
#pragma warning disable CA1031 // One value that cannot be read does not fail the scrape.
        catch (Exception)
#pragma warning restore CA1031
        {
            return default;
        }
    }

    private static ProcessReading Times() => new()
    {
        CpuSeconds = Try<double?>(static () => Environment.CpuUsage.TotalTime.TotalSeconds),
        StartTime = Started,
    };

    // Some operating systems return 0 for what they do not give.
    private static double? Positive(Func<double> read) =>
        Try<double?>(() => read() is > 0 and var value ? value : null);
}
