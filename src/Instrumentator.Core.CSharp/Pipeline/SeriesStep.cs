using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>What a built-in metric does with the cell of a series, once it is found.</summary>
/// <typeparam name="TCell">The kind of cell.</typeparam>
internal interface IMeasure<in TCell>
{
    /// <summary>Whether it reads <see cref="Info.DurationWithoutStreaming"/>.</summary>
    static virtual bool ReadsResponseStart => false;

    /// <summary>Writes one request to the cell.</summary>
    static abstract void Measure(TCell cell, in Info info);
}

/// <summary>A built-in metric: finds the cell of a request's series, and measures.</summary>
/// <typeparam name="TCell">The kind of cell.</typeparam>
/// <typeparam name="TMeasure">What is done with the cell; a struct, so that the call is compiled in.</typeparam>
internal sealed class SeriesStep<TCell, TMeasure>(Family<TCell> family, LabelSelection labels) : Step, IEquatable<SeriesStep<TCell, TMeasure>>
    where TCell : Cell
    where TMeasure : struct, IMeasure<TCell>
{
    private readonly Family<TCell> _family = family;
    private readonly LabelSelection _labels = labels;

    public override string Name => _family.Definition.Name;

    // The same measure of the same family: counting it twice for one request is never meant.
    public override bool CountsOnce => true;

    public override bool ReadsResponseStart => TMeasure.ReadsResponseStart;

    // A slot belongs to one step, and this one puts nothing else there than its cells: to check that for each request costs as much as to measure it.
    public override void Record(in Info info, ref Slot slot) => TMeasure.Measure(Unsafe.As<TCell>(slot.Value ?? FindSlow(info, ref slot)), info);

    /// <summary>The first request of a series: by the text of its labels.</summary>
    private TCell FindSlow(in Info info, ref Slot slot)
    {
        var cell = _family.With(_labels.Values(info.LabelsOrNone));
        slot.Value = cell;
        return cell;
    }

    public bool Equals(SeriesStep<TCell, TMeasure>? other) => other is not null && ReferenceEquals(_family, other._family) && _labels == other._labels;

    public override bool Equals(object? obj) => Equals(obj as SeriesStep<TCell, TMeasure>);

    public override int GetHashCode() => HashCode.Combine(_family, _labels);
}
