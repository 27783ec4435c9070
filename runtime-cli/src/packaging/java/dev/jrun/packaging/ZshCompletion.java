// SPDX-License-Identifier: Apache-2.0
package dev.jrun.packaging;

/**
 * Completion for zsh: picocli's for bash, in a file that zsh loads when it is first needed (zshcompsys(1), "Autoloaded
 * files"). Then it has to complete that very word, too.
 *
 * @param bash the completion for bash
 */
record ZshCompletion(String bash) {
    String text() {
        return """
                #compdef jrun
                autoload -Uz bashcompinit && bashcompinit
                # It sets what bash is to do besides, and zsh has no such thing.
                (( $+functions[compopt] )) || compopt() { return 0 }
                %s
                _bash_complete -o default -F _complete_jrun
                """.formatted(bash);
    }
}
