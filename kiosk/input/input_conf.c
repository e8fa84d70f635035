/* A kiosk's input devices, as configured; see input_conf.h. */
#include "input/input_conf.h"

struct input_conf input_conf_default(void)
{
    return (struct input_conf){.calibration = calibration_identity()};
}
