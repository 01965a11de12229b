using System.Reflection;

namespace Instrumentator;

/// <summary>The version of an assembly, as in <c>1.2.0-beta.1+5a75c68</c>, in its parts.</summary>
/// <param name="Version">The version; null if the assembly has none.</param>
/// <param name="Revision">The revision of the sources after the <c>+</c>; null if it is unknown.</param>
internal sealed record InformationalVersion(string? Version, string? Revision)
{
    public static InformationalVersion Of(Assembly? assembly) =>
        Parse(assembly?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);

    public static InformationalVersion Parse(string? text) => text?.Split('+', 2) switch
    {
        [var version, var revision] => new(version, revision),
        [var version] => new(version, null),
        _ => new(null, null),
    };
}
