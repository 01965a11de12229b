using Instrumentator;

namespace Microsoft.AspNetCore.Builder;

/// <summary>What an endpoint can say of how it is measured.</summary>
public static class InstrumentatorEndpointConventionBuilderExtensions
{
    /// <summary>Requests to this endpoint leave no trace.</summary>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <example><code>app.MapHealthChecks("/health").DisableInstrumentation();</code></example>
    public static TBuilder DisableInstrumentation<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.With(new DisableInstrumentationAttribute());

    /// <summary>Requests to this endpoint have this handler label, and not the route template.</summary>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <param name="handler">The label.</param>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="handler"/> is empty.</exception>
    /// <example><code>app.MapFallbackToFile("index.html").WithHandlerLabel("spa");</code></example>
    public static TBuilder WithHandlerLabel<TBuilder>(this TBuilder builder, string handler)
        where TBuilder : IEndpointConventionBuilder => builder.With(new HandlerLabelAttribute(handler));

    /// <summary>Requests to this endpoint stay open as long as their clients like, as with long polling: no histogram of latencies observes them. See <see cref="LongLivedOptions"/>.</summary>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <remarks>WebSockets, server-sent events, gRPC and SignalR are known without it.</remarks>
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
