namespace Instrumentator;

/// <summary>The cells that built-in metrics write a request with certain labels to.</summary>
/// <param name="found">The cells.</param>
/// <param name="labels">The labels; null where nobody asks.</param>
internal abstract class FoundCells(FoundCell[] found, RequestLabels? labels = null)
{
    // Those of the labels: here they are near, and need not be waited for.
    private readonly string? _method = labels?.Method;
    private readonly StatusRange _statuses = labels?.UsualStatuses ?? default;

    public RequestLabels? Labels => labels;

    /// <summary>Whether a duration and two sizes are all that is measured.</summary>
    public bool IsUsual { get; protected init; }

    /// <inheritdoc cref="RequestLabels.Are"/>
    public bool Are(string sent, int code) => ReferenceEquals(sent, _method) && _statuses.Contains(code);

    /// <summary>Records a request.</summary>
    public abstract void Record(in Info info);

    /// <summary>Keeps the request as an exemplar where one is due. Allocates only where it is.</summary>
    public void KeepExemplars(in Info info, RequestExemplars exemplars)
    {
        var now = exemplars.Now();
        ValueList<Label>? lead = null;
        foreach (var (metric, cell) in found)
        {
            if (!cell.IsExemplarDue(metric.ValueOf(info), now - exemplars.Interval))
                continue;
            lead ??= exemplars.LabelsOf(info);
            if (lead.Count > 0)
                cell.KeepExemplar(new Exemplar(lead, metric.ValueOf(info), now));
        }
    }

    /// <summary>Takes the first cell of a kind that measures this out of others; null where there is none.</summary>
    /// <param name="what">What it measures.</param>
    /// <param name="others">The cells.</param>
    /// <param name="fits">Whether it can be taken; always when left out.</param>
    protected static TCell? Take<TCell>(Measured what, List<FoundCell> others, Predicate<TCell>? fits = null)
        where TCell : Cell
    {
        if (others.FindIndex(one => one.Metric.What == what && one.Cell is TCell cell && fits?.Invoke(cell) != false) is var place && place < 0)
            return null;
        var taken = (TCell)others[place].Cell;
        others.RemoveAt(place);
        return taken;
    }
}
