using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>Measures code: its duration, how often it runs at the moment, and its exceptions.</summary>
/// <remarks>Safe for use by many threads. Exceptions of the code pass unchanged.</remarks>
public static class MeasuringExtensions
{
    /// <summary>Starts a timer that observes the elapsed time in seconds when it is disposed, also after an
    /// exception.</summary>
    /// <param name="histogram">Receives the time.</param>
    /// <param name="clock">Measures the time; null for the system's clock.</param>
    /// <returns>A timer without an object of its own: it allocates nothing with <c>using</c>.</returns>
    /// <example><code>using (jobDuration.Time())
    ///     Run(job);</code></example>
    public static DurationTimer Time(this Histogram histogram, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        return new DurationTimer(histogram, clock ?? TimeProvider.System);
    }

    /// <inheritdoc cref="Time(Histogram, TimeProvider)"/>
    /// <param name="summary">Receives the time.</param>
    /// <param name="clock">Measures the time; null for the system's clock.</param>
    public static DurationTimer Time(this Summary summary, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return new DurationTimer(summary, clock ?? TimeProvider.System);
    }

    /// <summary>Runs code and observes its duration in seconds, also after an exception.</summary>
    /// <param name="histogram">Receives the time.</param>
    /// <param name="code">The code.</param>
    /// <param name="clock">Measures the time; null for the system's clock.</param>
    /// <returns>The task of the code.</returns>
    /// <example><code>var page = await fetchDuration.TimeAsync(() => client.GetStringAsync(uri));</code></example>
    public static async Task<T> TimeAsync<T>(this Histogram histogram, Func<Task<T>> code, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        using (histogram.Time(clock))
            return await code().ConfigureAwait(false);
    }

    /// <inheritdoc cref="TimeAsync{T}(Histogram, Func{Task{T}}, TimeProvider)"/>
    public static async Task TimeAsync(this Histogram histogram, Func<Task> code, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        using (histogram.Time(clock))
            await code().ConfigureAwait(false);
    }

    /// <inheritdoc cref="TimeAsync{T}(Histogram, Func{Task{T}}, TimeProvider)"/>
    /// <param name="summary">Receives the time.</param>
    /// <param name="code">The code.</param>
    /// <param name="clock">Measures the time; null for the system's clock.</param>
    public static async Task<T> TimeAsync<T>(this Summary summary, Func<Task<T>> code, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        using (summary.Time(clock))
            return await code().ConfigureAwait(false);
    }

    /// <inheritdoc cref="TimeAsync{T}(Summary, Func{Task{T}}, TimeProvider)"/>
    public static async Task TimeAsync(this Summary summary, Func<Task> code, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        using (summary.Time(clock))
            await code().ConfigureAwait(false);
    }

    /// <summary>Adds one to a gauge, and takes it away when the result is disposed, also after an exception.</summary>
    /// <param name="gauge">The gauge.</param>
    /// <returns>A value without an object of its own: it allocates nothing with <c>using</c>.</returns>
    /// <example><code>using (jobsInProgress.TrackInProgress())
    ///     Run(job);</code></example>
    public static InProgressTracker TrackInProgress(this Gauge gauge)
    {
        ArgumentNullException.ThrowIfNull(gauge);
        gauge.Increment();
        return new InProgressTracker(gauge);
    }

    /// <summary>Runs code and counts it if it throws an exception.</summary>
    /// <param name="counter">The counter.</param>
    /// <param name="code">The code.</param>
    /// <param name="when">Chooses the exceptions to count; null for all.</param>
    /// <returns>The result of the code.</returns>
    /// <example><code>
    /// var order = failures.CountExceptions(() => Parse(text), when: error => error is FormatException);
    /// </code></example>
    public static T CountExceptions<T>(this Counter counter, Func<T> code, Func<Exception, bool>? when = null)
    {
        ArgumentNullException.ThrowIfNull(counter);
        ArgumentNullException.ThrowIfNull(code);
        try
        {
            return code();
        }
        catch (Exception e) when (Counts(e, when))
        {
            counter.Increment();
            throw;
        }
    }

    /// <inheritdoc cref="CountExceptions{T}(Counter, Func{T}, Func{Exception, bool})"/>
    public static void CountExceptions(this Counter counter, Action code, Func<Exception, bool>? when = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        _ = counter.CountExceptions(
            () =>
            {
                code();
                return Unit.Value;
            },
            when);
    }

    /// <summary>Runs code and counts it if it throws an exception, at once or later.</summary>
    /// <param name="counter">The counter.</param>
    /// <param name="code">The code.</param>
    /// <param name="when">Chooses the exceptions to count; null for all.</param>
    /// <returns>The task of the code.</returns>
    /// <example><code>await failures.CountExceptionsAsync(() => SendAsync(mail));</code></example>
    public static async Task<T> CountExceptionsAsync<T>(
        this Counter counter, Func<Task<T>> code, Func<Exception, bool>? when = null)
    {
        ArgumentNullException.ThrowIfNull(counter);
        ArgumentNullException.ThrowIfNull(code);
        try
        {
            return await code().ConfigureAwait(false);
        }
        catch (Exception e) when (Counts(e, when))
        {
            counter.Increment();
            throw;
        }
    }

    /// <inheritdoc cref="CountExceptionsAsync{T}(Counter, Func{Task{T}}, Func{Exception, bool})"/>
    public static async Task CountExceptionsAsync(
        this Counter counter, Func<Task> code, Func<Exception, bool>? when = null)
    {
        ArgumentNullException.ThrowIfNull(counter);
        ArgumentNullException.ThrowIfNull(code);
        try
        {
            await code().ConfigureAwait(false);
        }
        catch (Exception e) when (Counts(e, when))
        {
            counter.Increment();
            throw;
        }
    }

    private static bool Counts(Exception exception, Func<Exception, bool>? when) => when?.Invoke(exception) ?? true;
}

/// <summary>A timer that observes the elapsed time in seconds each time it is disposed.</summary>
/// <remarks>A copy is another timer with the same start.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DurationTimer : IDisposable
{
    private readonly Cell _cell;
    private readonly TimeProvider _clock;
    private readonly long _start;

    internal DurationTimer(Cell cell, TimeProvider clock) =>
        (_cell, _clock, _start) = (cell, clock, clock.GetTimestamp());

    /// <summary>Gets the time since the start.</summary>
    public TimeSpan Elapsed => _clock.GetElapsedTime(_start);

    /// <summary>Observes the time since the start, in seconds.</summary>
    public void Dispose()
    {
        if (_cell is Histogram histogram)
            histogram.Observe(Elapsed.TotalSeconds);
        else
            ((Summary)_cell).Observe(Elapsed.TotalSeconds);
    }
}

/// <summary>A unit of work that a gauge counts until it is disposed.</summary>
/// <remarks>Dispose it once: a gauge falls each time.</remarks>
public readonly record struct InProgressTracker : IDisposable
{
    private readonly Gauge _gauge;

    internal InProgressTracker(Gauge gauge) => _gauge = gauge;

    /// <summary>Takes one away from the gauge.</summary>
    public void Dispose() => _gauge.Decrement();
}
