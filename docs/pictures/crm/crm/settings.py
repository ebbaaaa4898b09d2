INSTALLED_APPS = ["django.contrib.staticfiles"]
WSGI_APPLICATION = "crm.wsgi.application"
