// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <string.h>
#include <unistd.h>

unsigned text_decimal(uint64_t number, char out[static DECIMAL_SIZE]) {
    unsigned digits = 1;
    for (uint64_t rest = number / 10; rest; rest /= 10) digits++;
    out[digits] = '\0';
    for (unsigned at = digits; at-- > 0; number /= 10) out[at] = (char)('0' + number % 10);
    return digits;
}

bool text_number(const char *text, unsigned base, unsigned most, uint64_t *number) {
    static const char digits[] = "0123456789abcdef";
    uint64_t sum = 0;
    unsigned count = 0;
    for (const char *digit; text[count] && (digit = memchr(digits, text[count], base)); count++) {
        if (count == most) return false;
        sum = sum * base + (uint64_t)(digit - digits);
    }
    *number = sum;
    return count && strchr("\n\t ", text[count]);
}

void text_forget(char *const texts[]) {
    for (; texts && *texts; texts++) explicit_bzero(*texts, strlen(*texts));
}

bool text_join_parts(char *out, size_t size, const char *const parts[]) {
    size_t used = 0;
    for (; *parts; parts++) {
        size_t length = strlen(*parts);
        if (length >= size - used) {
            out[0] = '\0';
            return false;
        }
        memcpy(out + used, *parts, length);
        used += length;
    }
    out[used] = '\0';
    return true;
}

const char *text_error(int error) {
    static char words[64];
    text_join(words, sizeof words, strerror(error));
    words[0] |= ' ';
    return words;
}

_Noreturn void die_parts(const char *const parts[]) {
    char line[8192] = "jrun: ";
    size_t used = strlen(line);
    // One write, so that lines of several processes do not mix; the end of what is too long is left off.
    for (; *parts; parts++) {
        size_t length = strnlen(*parts, sizeof line - 1 - used);
        memcpy(line + used, *parts, length);
        used += length;
    }
    line[used++] = '\n';
    signals_end_us(); // a full pipe must not hold us
    ssize_t written = write(STDERR_FILENO, line, used);
    (void)written; // there is nobody left to tell
    _exit(1);
}
