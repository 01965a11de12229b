using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>The metric <c>instrumentator_build_info</c>.</summary>
internal static class BuildInfo
{
    /// <summary>Gets its collector.</summary>
    public static InfoCollector Collector { get; } = new(
        "instrumentator_build_info",
        "The version of Instrumentator, the revision of its sources, and the runtime. The value is always 1.",
        Labels());

    private static ValueList<string> Labels()
    {
        var (version, revision) = InformationalVersion.Of(typeof(BuildInfo).Assembly);
        return InfoCollector.LabelsOf(
            new("version", version),
            new("revision", revision),
            new("runtime", RuntimeInformation.FrameworkDescription));
    }
}
