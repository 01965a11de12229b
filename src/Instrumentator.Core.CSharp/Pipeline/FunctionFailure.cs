namespace Instrumentator;

/// <summary>What is to be logged of a metric function.</summary>
/// <param name="What">What it did, and what to do about it.</param>
/// <param name="Exception">What it threw; null where it threw nothing.</param>
/// <param name="NotLogged">How many failures of it there were since the last one that was logged.</param>
internal sealed record FunctionFailure(string What, Exception? Exception, long NotLogged);
