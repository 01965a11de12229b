using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Instrumentator;

/// <summary>Facts about the app that do not change while it runs.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Version">The version of its entry assembly; null if that has none.</param>
/// <param name="Environment">Such as <c>Production</c>; null without a host.</param>
/// <param name="Started">When the process started, in Unix seconds; null if unknown.</param>
internal sealed record AppFacts(string Title, string? Version, string? Environment, double? Started)
{
    public static AppFacts Of(PageOptions options, IHostEnvironment? host)
    {
        var entry = Assembly.GetEntryAssembly();
        return new(
            options.Title ?? host?.ApplicationName ?? entry?.GetName().Name ?? "app",
            InformationalVersion.Of(entry).Version,
            host?.EnvironmentName,
            ProcessReading.Started);
    }
}
