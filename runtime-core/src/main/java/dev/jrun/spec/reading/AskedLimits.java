// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.spec.Resources;

/**
 * New limits that somebody wants for an existing container.
 *
 * @param resources all that is to change
 * @param firstRule the index in the document of the first device rule that is meant
 */
public record AskedLimits(Resources resources, int firstRule) {}
