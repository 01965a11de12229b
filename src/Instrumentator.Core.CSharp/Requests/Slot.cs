namespace Instrumentator;

/// <summary>Where a step of a pipeline keeps what it looked up for one set of labels.</summary>
/// <remarks>A struct, so that an array of slots is written without the check that arrays of references need.</remarks>
internal struct Slot
{
    public object? Value;
}
