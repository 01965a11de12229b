using System.Globalization;
using System.IO.Enumeration;

namespace Instrumentator;

/// <summary>Reads the values of this process from <c>/proc/self</c>.</summary>
/// <remarks><see cref="System.Diagnostics.Process"/> would read a file for each thread of the process. The files are
/// described in https://man7.org/linux/man-pages/man5/proc.5.html.</remarks>
internal static class LinuxProcess
{
    // No limit, as in the Prometheus client library for Go.
    private const double Unlimited = ulong.MaxValue;

    /// <summary>Adds the values of <c>/proc/self</c> to those that are read in another way.</summary>
    public static ProcessReading Read(ProcessReading others)
    {
        var status = ProcessReading.Try(static () => File.ReadAllText("/proc/self/status")) ?? "";
        var limits = ProcessReading.Try(static () => File.ReadAllText("/proc/self/limits")) ?? "";
        var files = ProcessReading.Try<double?>(static () => CountFiles("/proc/self/fd"));
        return others with
        {
            Threads = Status(status, "Threads"),
            OpenFiles = files,
            MaxFiles = SoftLimit(limits, "Max open files"),
            OpenHandles = files,
            ResidentBytes = Status(status, "VmRSS"),
            PrivateBytes = Status(status, "VmData"),
            VirtualBytes = Status(status, "VmSize"),
            MaxVirtualBytes = SoftLimit(limits, "Max address space"),
        };
    }

    /// <summary>Returns a value of <c>/proc/self/status</c>, such as that of the line <c>VmRSS:  45168 kB</c> in bytes;
    /// null if there is none.</summary>
    public static double? Status(string status, string name)
    {
        const string Kilobytes = " kB";
        var value = AfterName(status, name + ":");
        return value.EndsWith(Kilobytes, StringComparison.Ordinal)
            ? 1_024 * Number(value[..^Kilobytes.Length])
            : Number(value);
    }

    /// <summary>Returns a soft limit of <c>/proc/self/limits</c>, such as that of the line
    /// <c>Max open files  1024  4096  files</c>; null if there is none.</summary>
    public static double? SoftLimit(string limits, string name)
    {
        var values = AfterName(limits, name);
        var soft = values.IndexOf(' ') is var end and >= 0 ? values[..end] : values;
        return soft is "unlimited" ? Unlimited : Number(soft);
    }

    private static ReadOnlySpan<char> AfterName(string text, string name)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
                return line[name.Length..].Trim();
        }
        return [];
    }

    private static double? Number(ReadOnlySpan<char> text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Without a string for each file, and without the folder itself, which is open while it is read.
    private static int CountFiles(string folder) =>
        new FileSystemEnumerable<byte>(folder, static (ref _) => 0).Count() - 1;
}
