namespace Instrumentator;

/// <summary>Metadata that excludes an endpoint's requests from all metrics.</summary>
#pragma warning disable CA1040 // Metadata is found by its type, so a marker needs no members.
public interface IDisableInstrumentationMetadata;
#pragma warning restore CA1040

/// <summary>Metadata that sets an endpoint's handler label.</summary>
public interface IHandlerLabelMetadata
{
    /// <summary>Gets the label that replaces the route template.</summary>
    /// <remarks>Read once per endpoint. If it is null or empty, or throws, the label is the route template, and an
    /// error is logged.</remarks>
    string HandlerLabel { get; }
}

/// <summary>Metadata of an endpoint whose requests stay open as long as their clients like. See
/// <see cref="LongLivedOptions"/>.</summary>
#pragma warning disable CA1040 // Metadata is found by its type, so a marker needs no members.
public interface ILongLivedMetadata;
#pragma warning restore CA1040

/// <summary>Marks requests to a controller, action or handler as long-lived: they stay open as long as their clients
/// like, as with long polling. See <see cref="LongLivedOptions"/>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class LongLivedAttribute : Attribute, ILongLivedMetadata;

/// <summary>Excludes requests to a controller, action or handler from all metrics.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class DisableInstrumentationAttribute : Attribute, IDisableInstrumentationMetadata;

/// <summary>Sets the handler label of a controller, action or handler, in place of the route template.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class HandlerLabelAttribute : Attribute, IHandlerLabelMetadata
{
    /// <summary>Sets the label.</summary>
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
