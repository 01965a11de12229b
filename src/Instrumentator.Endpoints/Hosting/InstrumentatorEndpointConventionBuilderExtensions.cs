using Instrumentator;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Configures how an endpoint is measured.</summary>
public static class InstrumentatorEndpointConventionBuilderExtensions
{
    /// <summary>Excludes requests to this endpoint from all metrics.</summary>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <example><code>app.MapHealthChecks("/health").DisableInstrumentation();</code></example>
    public static TBuilder DisableInstrumentation<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.With(new DisableInstrumentationAttribute());

    /// <summary>Sets the handler label of requests to this endpoint, in place of the route template.</summary>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <param name="handler">The label.</param>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="handler"/> is empty.</exception>
    /// <example><code>app.MapFallbackToFile("index.html").WithHandlerLabel("spa");</code></example>
    public static TBuilder WithHandlerLabel<TBuilder>(this TBuilder builder, string handler)
        where TBuilder : IEndpointConventionBuilder => builder.With(new HandlerLabelAttribute(handler));

    /// <summary>Marks requests to this endpoint as long-lived: they stay open as long as their clients like, as with
    /// long polling, and no latency histogram observes them. See <see cref="LongLivedOptions"/>.</summary>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <remarks>WebSockets, server-sent events, streaming gRPC calls and SignalR are detected without it.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <example><code>app.MapGet("/changes", WaitForChanges).AsLongLived();</code></example>
    public static TBuilder AsLongLived<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.With(new LongLivedAttribute());

    private static TBuilder With<TBuilder>(this TBuilder builder, object metadata)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Add(endpoint => endpoint.Metadata.Add(metadata));
        return builder;
    }
}
