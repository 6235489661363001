using Weft.Flow;
using Weft.Xds.Serving;

namespace Weft.Xds.Statuses;

/// <summary>
/// The question how far a stream is, from whoever asks to the stream's loop, which alone may look at its machine. Those
/// who ask while a question waits get its answer, so that any number of them cost one. Safe for any number of threads.
/// </summary>
/// <param name="signal">Wakes the loop.</param>
internal sealed class StatusQuestions(Signal signal)
{
    private static readonly Question Closed = new(null);

    private readonly Latest<Question> _newest = new(new(null));

    /// <summary>For the loop: completes when there is a question without an answer.</summary>
    public Task Asked => _newest.Current is var current && current.Value.Answer.IsCompleted
        ? current.Replaced
        : Task.CompletedTask;

    /// <summary>What the loop answers; null where the stream has ended.</summary>
    public Task<StreamStatus?> AskAsync()
    {
        var asked = _newest.Update(question => question == Closed || !question.Answer.IsCompleted ? question : new Question());
        signal.Set();
        return asked.Answer;
    }

    /// <summary>For the loop: answers the question, if there is one.</summary>
    public void Answer(Func<StreamStatus> status)
    {
        if (_newest.Value is { Answer.IsCompleted: false } question)
        {
            question.Set(status());
        }
    }

    /// <summary>The stream has ended: nobody will answer any more.</summary>
    public void Close()
    {
        Question? last = null;
        _newest.Update(question =>
        {
            last = question;
            return Closed;
        });
        last?.Set(null);
    }

    private sealed class Question
    {
        private readonly TaskCompletionSource<StreamStatus?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Question()
        {
        }

        public Question(StreamStatus? answer) => Set(answer);

        public Task<StreamStatus?> Answer => _answer.Task;

        public void Set(StreamStatus? answer) => _answer.TrySetResult(answer);
    }
}
