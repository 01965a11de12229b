namespace Instrumentator.Giraffe

open Instrumentator

/// <summary>Functions that add metrics of others to the scrapes of a registry.</summary>
/// <example><code>let registry = Registry.Default |> Registry.includeProcess</code></example>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Registry =

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
