/* What visitors type and answer passes through libraries that free their memory as it is: requests are written as JSON
 * and sent by curl. For them memory is overwritten before it is freed. */
#ifndef QUARTER_KIOSK_WIPE_H
#define QUARTER_KIOSK_WIPE_H

/* Before anything of jansson or curl is used, and before there are threads. */
void wipe_begin(void);
void wipe_end(void);

#endif
