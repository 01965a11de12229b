namespace Instrumentator.Giraffe

open Instrumentator

/// <summary>Functions that create a registry, and that add metrics of others to its scrapes.</summary>
/// <example><code>let registry = Registry.Default |> Registry.includeProcess</code></example>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Registry =

    /// <summary>Creates a registry with a namespace, which begins the names of all its metrics, and with labels that
    /// all its series have. An empty namespace is none.</summary>
    /// <example><code>let registry = Registry.create "shop" [ "service", "orders"; "version", "1.2" ]</code></example>
    let create (nameSpace: string) (staticLabels: (string * string) list) =
        Registry(Namespace = nameSpace, StaticLabels = ValueList.From(labels staticLabels))

    /// <summary>Adds the metrics of the process and its managed heap, such as
    /// <c>process_cpu_seconds_total</c>.</summary>
    /// <remarks>Including them a second time has no effect.</remarks>
    /// <example><code>Registry.Default |> Registry.includeProcess</code></example>
    let includeProcess (registry: Registry) = registry.IncludeProcess()

    /// <summary>Adds the instruments of meters, such as those of .NET and ASP.NET Core, under the names that
    /// OpenTelemetry gives them in Prometheus.</summary>
    /// <remarks>A <c>*</c> at the end of a name stands for any text. A meter may be created later.</remarks>
    /// <example><code>
    /// Registry.Default |> Registry.includeMeters [ "System.Runtime"; "System.Net.Http" ]
    /// </code></example>
    let includeMeters (meters: string list) (registry: Registry) =
        registry.IncludeMeters(List.toArray meters)

    /// <summary>Adds the gauge <c>target_info</c>, whose labels describe the service: its name and version from the
    /// environment variables of OpenTelemetry, or else from the entry assembly.</summary>
    /// <example><code>Registry.Default |> Registry.includeTargetInfo</code></example>
    let includeTargetInfo (registry: Registry) = registry.IncludeTargetInfo()

    /// <summary>Does the same with the name and version of the service.</summary>
    /// <example><code>Registry.Default |> Registry.includeTargetInfoOf "shop" "1.2.0"</code></example>
    let includeTargetInfoOf (serviceName: string) (serviceVersion: string) (registry: Registry) =
        registry.IncludeTargetInfo(serviceName, serviceVersion)

    /// <summary>Adds the gauge <c>instrumentator_build_info</c>, whose labels are the versions of this library and of
    /// the runtime.</summary>
    /// <example><code>Registry.Default |> Registry.includeBuildInfo</code></example>
    let includeBuildInfo (registry: Registry) = registry.IncludeBuildInfo()
