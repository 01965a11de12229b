using System.Globalization;

namespace Instrumentator;

/// <summary>The size of a scrape while it is written, and its limit. Beyond the limit, bytes are only counted, so that
/// the error names the largest family even if it is the last one; the time for this is bounded, too.</summary>
/// <remarks>For use by one thread at a time.</remarks>
/// <param name="max">The maximum size, in bytes.</param>
/// <param name="cancellationToken">Canceled when the scrape is no longer needed.</param>
internal sealed class ScrapeSize(long max = long.MaxValue, CancellationToken cancellationToken = default)
{
    // Counting ends at this multiple of the limit.
    private const int MaxCounted = 4;

    private readonly long _end = max > long.MaxValue / MaxCounted ? long.MaxValue : max * MaxCounted;
    private string _family = "";
    private string _largest = "";
    private long _total;
    private long _begin;
    private long _largestSize;

    /// <summary>Whether the size has exceeded the limit, so that the bytes are no longer needed.</summary>
    public bool IsTooLarge => _total > max;

    /// <summary>Gets the size of the current family so far.</summary>
    public long OfFamily => _total - _begin;

    /// <summary>Begins a family. The bytes that follow belong to it.</summary>
    public void Begin(FamilyDefinition family)
    {
        EndFamily();
        (_family, _begin) = (family.Name, _total);
    }

    /// <summary>Adds bytes that were written.</summary>
    /// <exception cref="InvalidOperationException">The size is far beyond the limit.</exception>
    /// <exception cref="OperationCanceledException">The scrape is no longer needed.</exception>
    public void Add(int bytes)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _total += bytes;
        if (_total > _end)
            Throw("more than ");
    }

    /// <summary>Ends the scrape.</summary>
    /// <exception cref="InvalidOperationException">The size has exceeded the limit. The message names the largest
    /// family.</exception>
    public void End()
    {
        if (IsTooLarge)
            Throw("");
    }

    private void EndFamily()
    {
        if (OfFamily > _largestSize)
            (_largest, _largestSize) = (_family, OfFamily);
    }

    private void Throw(string atLeast)
    {
        EndFamily();
        throw new InvalidOperationException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The scrape has {atLeast}{_total:N0} bytes, and ScrapeOptions.MaxBytes is {max:N0}. ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"The largest family is {_largest} with {atLeast}{_largestSize:N0} bytes. ")
            + "Use fewer or shorter label values for it, limit its series with Registry.LimitSeries, or raise "
            + "MaxBytes.");
    }
}
