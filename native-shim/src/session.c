// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <errno.h>
#include <unistd.h>

// Ends a program in the process that holds the session.
static int report(const struct execution *ex, enum outcome outcome) {
    uint32_t failure[] = {(uint32_t)ex->registers[REGISTER_FAILED_INSTRUCTION],
                          (uint32_t)ex->registers[REGISTER_FAILED_ERRNO]};
    struct iovec parts[] = {{0}, {failure, sizeof failure}};
    if (outcome == OUTCOME_FAILED) return channel_send(ex->channel, FOREVER, FRAME_FAILED, parts, 2);
    return channel_send(ex->channel, FOREVER, FRAME_FINISHED, parts, 1);
}

// Waits for a program. Returns 0, EPIPE if the engine is gone, ECONNREFUSED if it refuses, else EBADMSG.
static int receive(struct session *session) {
    struct frame frame;
    int error = channel_receive(session->channel, &frame);
    session->reason = error == EBADMSG ? "a frame is too long" : "there is no memory for a frame";
    if (error) return error;
    if (frame.type == FRAME_PROGRAM)
        session->reason = program_decode(frame.payload, frame.length, &session->program);
    else
        session->reason = "a frame comes out of turn";
    if (session->reason) frame_free(&frame);
    if (frame.type == FRAME_REFUSED && !frame.length) return ECONNREFUSED;
    return session->reason ? EBADMSG : 0;
}

enum ending session_run(struct session *session) {
    struct execution ex = {.channel = session->channel};
    bool untouched = true;
    for (;;) {
        int error = receive(session);
        if (error == EPIPE || error == ECONNREFUSED) return untouched ? ENDING_UNTOUCHED : ENDING_LOST;
        if (error) return ENDING_NONSENSE;
        untouched = untouched && session->program.retryable;
        // It is for a CALL, and none comes any more; children would carry it and show it (/proc/PID/environ).
        if (!untouched) text_forget(environ);

        ex = (struct execution){.program = &session->program,
                                .channel = session->channel,
                                .arguments = session->arguments,
                                .cold = session->cold};
        ex.registers[REGISTER_IGNORED] = session->ignored;
        ex.registers[REGISTER_CHANNEL] = (uint64_t)session->channel;
        ex.registers[REGISTER_ENVIRONMENT] = (uintptr_t)environ;
        ex.registers[REGISTER_ENGINE] = session->engine;
        enum outcome outcome = interpret(&ex);
        session->code = ex.code;
        session->child = ex.child;
        session->reason = "its answer to a report is malformed";
        if (outcome == OUTCOME_EXIT) return ENDING_EXIT;
        program_free(&session->program);
        if (outcome == OUTCOME_NONSENSE) return ENDING_NONSENSE;
        if (ex.child) {
            session->code = 255;
            return ENDING_EXIT;
        }
        if (outcome == OUTCOME_READY)
            channel_announce(true);
        else if (report(&ex, outcome))
            return untouched ? ENDING_UNTOUCHED : ENDING_LOST;
    }
}
