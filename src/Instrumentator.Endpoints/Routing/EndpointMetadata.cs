namespace Instrumentator;

/// <summary>Metadata of an endpoint whose requests leave no trace.</summary>
#pragma warning disable CA1040 // Metadata is found by its type: that it is there says all.
public interface IDisableInstrumentationMetadata;
#pragma warning restore CA1040

/// <summary>Metadata of an endpoint that names its handler label itself.</summary>
public interface IHandlerLabelMetadata
{
    /// <summary>The label, in place of the route template.</summary>
    /// <remarks>Read once for each endpoint. Where it is null or empty, or throws, the label is the route template, and an error is logged.</remarks>
    string HandlerLabel { get; }
}

/// <summary>Metadata of an endpoint whose requests stay open as long as their clients like: see <see cref="LongLivedOptions"/>.</summary>
#pragma warning disable CA1040 // Metadata is found by its type: that it is there says all.
public interface ILongLivedMetadata;
#pragma warning restore CA1040

/// <summary>Requests to this controller, action or handler stay open as long as their clients like, as with long polling: see <see cref="LongLivedOptions"/>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class LongLivedAttribute : Attribute, ILongLivedMetadata;

/// <summary>Requests to this controller, action or handler leave no trace.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class DisableInstrumentationAttribute : Attribute, IDisableInstrumentationMetadata;

/// <summary>Requests to this controller, action or handler have this handler label, and not the route template.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class HandlerLabelAttribute : Attribute, IHandlerLabelMetadata
{
    /// <summary>Names the label.</summary>
    /// <param name="handlerLabel">The label.</param>
    /// <exception cref="ArgumentException">The label is null or empty.</exception>
    public HandlerLabelAttribute(string handlerLabel)
    {
        ArgumentException.ThrowIfNullOrEmpty(handlerLabel);
        HandlerLabel = handlerLabel;
    }

    /// <inheritdoc/>
    public string HandlerLabel { get; }
}
