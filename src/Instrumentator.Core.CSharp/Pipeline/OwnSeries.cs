using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>What one thread records requests with certain labels in, as words on its page: which requests these are, and where the words of each metric are; 0 where nothing is measured of the kind.</summary>
/// <remarks>
/// Most of what it leads to lies behind it, so all of it is brought from memory at once, and no object has to be read. What nearly every instrumentation measures, whole or in part, has
/// a place of its own, and so there is no loop either.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct OwnSeries
{
    private readonly StatusRange _statuses;
    private readonly long _method;
    private readonly OwnDurations _durations;
    private readonly OwnDurations _sameDurations;

    /// <summary>One for requests with these labels; for none where nobody asks.</summary>
    public OwnSeries(RequestLabels? labels)
    {
        _method = MethodLabel.NumberOf(labels?.Method);
        _statuses = _method == MethodLabel.None ? default : labels!.UsualStatuses;
    }

    /// <summary>How much the words behind it take that most requests write to, where all of the default metrics are used.</summary>
    public const int UsualBytes = 104;

    /// <summary>How many words it takes.</summary>
    public static int Length => Unsafe.SizeOf<OwnSeries>() / sizeof(long);

    public nint Requests { get; init; }

    public nint RequestSizes { get; init; }

    public nint ResponseSizes { get; init; }

    public nint CombinedSizes { get; init; }

    public OwnDurations Durations { init => _durations = value; }

    public OwnDurations SameDurations { init => _sameDurations = value; }

    /// <summary>Asks for that at an address, and for the words that most requests write to: they are born after it, so they lie behind it.</summary>
    public static void Bring(nint address) => Prefetch.Memory(address, Unsafe.SizeOf<OwnSeries>() + UsualBytes);

    /// <summary>That at an address. Who asks has what keeps it.</summary>
    public static unsafe ref readonly OwnSeries At(nint address) => ref Unsafe.AsRef<OwnSeries>((void*)address);

    /// <inheritdoc cref="RequestLabels.Are"/>
    public bool Are(string sent, int code) => _statuses.Contains(code) && MethodLabel.Is(sent, (int)_method);

    /// <summary>Records a request.</summary>
    public void Record(double seconds, long requestSize, long responseSize)
    {
        if (Requests != 0)
            new OwnCounter(Words.At(Requests, OwnCounter.Length)).Increment();
        if (RequestSizes != 0)
            SizesAt(RequestSizes).Observe(requestSize);
        if (ResponseSizes != 0)
            SizesAt(ResponseSizes).Observe(responseSize);
        if (CombinedSizes != 0)
            SizesAt(CombinedSizes).Observe(Info.Combine(requestSize, responseSize));
        if (_durations.AreMeasured)
            _durations.Words.Observe(seconds);
        if (_sameDurations.AreMeasured)
            _sameDurations.Words.Observe(seconds);
    }

    private static OwnSummary SizesAt(nint address) => new(Words.At(address, OwnSummary.Length));
}

/// <summary>Where the words of a histogram are, and its bounds; nowhere by default.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct OwnDurations(HistogramStripe? stripe)
{
    private readonly nint _address = stripe?.Address ?? 0;
    private readonly NumberedAddress _bounds = stripe?.Bounds.Place ?? default;

    public bool AreMeasured => _address != 0;

    /// <summary>Whether the number of its bounds fits.</summary>
    public static bool HasRoomFor(HistogramStripe stripe) => stripe.Bounds.Count < NumberedAddress.Limit;

    public OwnHistogram Words => new(Instrumentator.Words.At(_address, OwnHistogram.LengthOf(_bounds.Number)), UpperBounds.At(_bounds));
}
